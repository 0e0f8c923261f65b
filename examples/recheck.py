#!/usr/bin/env python3
"""Recomputes an answer of `plimsoll size --dump DIR` with numpy alone.

usage: python3 examples/recheck.py DIR

Reads the audit bundle, recomputes the objective and every limit at the whole-lot targets from the raw matrices, and
compares with what Plimsoll states: 1e-9 on each limit's own scale. Exits with 1 when a figure differs.
"""
import base64
import csv
import json
import os
import sys

try:
    import numpy as np
except ModuleNotFoundError:
    sys.exit("recheck: numpy is needed: apt-get install python3-numpy, or pip install numpy")

TOLERANCE = 1e-9


def floats(text, *shape):
    return np.frombuffer(base64.b64decode(text), dtype="<f8").reshape(shape)


def parts(q):
    return np.maximum(q, 0.0), np.maximum(-q, 0.0)


class Bundle:
    def __init__(self, folder):
        load = lambda name: np.load(os.path.join(folder, name + ".npy"))
        self.weights, self.view_weights = load("weights"), load("view_weights")
        self.pnl, self.edge, self.collateral = load("pnl"), load("edge_adjustment"), load("collateral")
        self.stress = load("stress")
        with open(os.path.join(folder, "problem.json")) as file:
            self.problem = json.load(file)
        with open(os.path.join(folder, "solution.json")) as file:
            self.solution = json.load(file)
        with open(os.path.join(folder, "instruments.csv"), newline="") as file:
            rows = list(csv.DictReader(file))
        column = lambda name: np.array([float(row[name]) for row in rows])
        self.current, self.target = column("current"), column("target")
        self.impact, self.funding = column("impact"), column("funding_paid")
        self.aim = np.array([float(row["aim"]) if row["aim"] else np.nan for row in rows])
        trade = self.target - self.current
        side = np.where(trade > 0, column("buy_cost"), column("sell_cost"))
        cut = np.where(self.current * trade < 0, np.minimum(np.abs(self.current), np.abs(trade)), 0.0)
        opened = np.abs(trade) - cut
        self.opened_long = np.where(trade > 0, opened, 0.0)
        w = self.problem["equity"]
        impact = self.impact * (cut**1.5 + opened**1.5)
        self.cost = np.sum(side * (cut + opened) + impact) / w
        shares = column("closing_share") * cut + column("opening_share") * opened
        self.growth_cost = np.sum(side * shares + self.problem["impact_share"] * impact) / w
        self.paid = sum(
            max(coin["least"], np.sum(self.funding[coin["columns"]] * self.target[coin["columns"]]) / w)
            for coin in self.problem["funding"]
        )
        self.paid += sum(
            max(0, debt["now"] + np.sum(np.array(debt["per_contract"]) * trade[debt["columns"]]))
            for debt in self.problem["borrowing"]
        )

    def raw_wealth(self):
        return (self.collateral + self.pnl @ self.target) / self.problem["equity"] - self.cost

    def edge_wealth(self, cost):
        adjusted = self.collateral + self.problem["collateral_adjustment"] + (self.pnl + self.edge) @ self.target
        return adjusted / self.problem["equity"] - cost - self.paid

    def distance(self):
        """Root mean square of the gains of what misses the book that the method aims at, share of equity."""
        missed = np.where(np.isnan(self.aim), 0.0, self.target - self.aim)
        gains = self.pnl @ missed / self.problem["equity"]
        return np.sqrt(np.sum(self.weights * gains**2))

    def objective(self):
        if self.problem["objective"] == "track":
            return -self.distance()
        if self.problem["objective"] == "protect":
            decay = np.sum(np.array(self.problem["time_decay"]) * self.opened_long)
            return -(self.cost + decay + self.paid)
        g, x, c = self.edge_wealth(self.growth_cost), self.view_weights, self.problem["kelly_fraction"]
        if c == 1:
            return np.sum(x * np.log(g))
        a = 1 / c
        return np.log(np.sum(x * g ** (1 - a))) / (1 - a)

    def law(self, constraint):
        return self.weights if constraint["law"] == "weights" else self.view_weights


def expected_shortfall(loss, weights, level):
    order = np.argsort(-loss, kind="stable")
    tail, left = 1 - level, 1 - level
    total = 0.0
    for s in order:
        mass = min(weights[s], left)
        total += mass * loss[s]
        left -= mass
        if left <= 0:
            break
    return total / tail


def drawdown(g, weights, rate, fixed_t, largest_t):
    logs = np.log(g)

    def at(t):
        power = -logs / t
        most = power.max()
        return t * (most + np.log(np.sum(weights * np.exp(power - most)))) + t * rate

    if fixed_t is not None:
        return at(fixed_t)
    low, high = np.log(1e-9), np.log(largest_t or 1e9)
    ratio = (np.sqrt(5) - 1) / 2
    while high - low > 1e-10:
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if at(np.exp(a)) <= at(np.exp(b)) else (a, high)
    return at(np.exp((low + high) / 2))


def linear_parts(block, q, q0):
    """Sum of long*q+ + short*q-, less the same at the current book; columns by rows."""
    columns, count = block["columns"], block["count"]
    long = floats(block["long"], len(columns), count)
    short = floats(block["short"], len(columns), count)
    (up, down), (up0, down0) = parts(q[columns]), parts(q0[columns])
    return (up - up0) @ long + (down - down0) @ short


def piece_value(piece, q):
    rows = floats(piece["rows"], len(piece["columns"]), piece["count"])
    return max(0.0, np.max(floats(piece["offset"], piece["count"]) + q[piece["columns"]] @ rows))


def tail_loss(tail, q):
    slope = tail["collateral_slope"] + sum(
        value * q[column] for column, value in zip(tail["linear_columns"], tail["linear_slope"])
    )
    settling = {column for expiry in tail["expiries"] for column in expiry["columns"]}

    def forgone(entry, x):
        side = "long" if q[entry["column"]] > 0 else "short"
        gained = np.maximum(0.0, entry[side + "_slope"] * (x - entry[side + "_kink"]))
        return np.abs(q[entry["column"]]) * gained

    linear = [entry for entry in tail["forgone"] if entry["column"] not in settling]
    hulls, candidates = [], {tail["low_x"], tail["x0"], tail["high_x"]}
    kinks = [entry[key] for entry in linear for key in ("long_kink", "short_kink")]
    candidates.update(kink for kink in kinks if tail["low_x"] < kink < tail["high_x"])
    for expiry in tail["expiries"]:
        x = np.array(expiry["x"])
        gain = floats(expiry["gain"], len(expiry["columns"]), len(x))
        loss = -(q[expiry["columns"]] @ gain)
        loss = loss + sum(forgone(entry, x) for entry in tail["forgone"] if entry["column"] in expiry["columns"])
        if np.any(loss != 0):
            hulls.append((x, loss))
            candidates.update(expiry["x"])

    def hull(x, loss, at):
        left, right = x <= at, x >= at
        share = (at - x[left][:, None]) / np.where(
            x[right][None, :] > x[left][:, None], x[right][None, :] - x[left][:, None], 1.0
        )
        return np.max((1 - share) * loss[left][:, None] + share * loss[right][None, :])

    def at_mean(x):
        return sum(hull(knots, loss, x) for knots, loss in hulls) + sum(forgone(entry, x) for entry in linear)

    worst = max(at_mean(x) - slope * (x - tail["x0"]) for x in candidates)
    return tail["fixed"] + max(0.0, worst) / tail["equity"]


def value(bundle, constraint):
    q, q0 = bundle.target, bundle.current
    share = constraint.get("cost_share", 0) * bundle.cost
    if "tail" in constraint:
        return tail_loss(constraint["tail"], q)
    if "rows" in constraint:
        rows = constraint["rows"]
        return np.max(floats(rows["offset"], rows["count"]) + linear_parts(rows, q, q0)) + share
    if "pieces" in constraint:
        return sum(piece_value(piece, q) for piece in constraint["pieces"])
    if constraint["kind"] == "exp-mean":
        g = bundle.edge_wealth(bundle.cost)
        if "scenarios" in constraint:
            block = constraint["scenarios"]
            g = g + floats(block["base"], block["count"]) + linear_parts(block, q, q0)
        fixed, largest = constraint.get("fixed_t"), constraint.get("largest_t")
        return drawdown(g, bundle.law(constraint), constraint["rate"], fixed, largest)
    if "looks" in constraint:
        y = np.min(
            [floats(look["base"], look["count"]) + linear_parts(look, q, q0) for look in constraint["looks"]], axis=0
        )
        y -= share
    elif "scenarios" in constraint:
        block = constraint["scenarios"]
        y = floats(block["base"], block["count"]) + linear_parts(block, q, q0) - share
    else:
        y = bundle.raw_wealth() - (1 if constraint["kind"] == "expected-shortfall" else 0)
    if "level" in constraint:
        return expected_shortfall(-y, bundle.law(constraint), constraint["level"])
    return np.max(-y)


def forgone_in_stress(bundle):
    """What winning futures and perpetuals gain beyond the move at which a venue closes them, by stress row."""
    assumed, lost = bundle.problem.get("deleveraging"), 0.0
    if assumed is None:
        return lost
    moves = np.expm1(floats(assumed["stress_moves"], len(assumed["columns"]), len(bundle.stress)))
    for column, inverse, move in zip(assumed["columns"], assumed["inverse"], moves):
        held = bundle.target[column]
        gain = held * bundle.stress[:, column]
        grown = (lambda u: u / (1 + u)) if inverse else (lambda u: u)
        closed_at = np.sign(held) * assumed["move"]
        wins = (move * np.sign(held) > assumed["move"]) & (gain > 0)
        beyond = 1 - grown(closed_at) / grown(np.where(wins, move, 1.0))
        lost = lost + np.where(wins, assumed["share"] * gain * beyond, 0.0)
    return lost


def stress_loss(bundle):
    wealth = np.array(bundle.problem["stress_collateral"]) + bundle.stress @ bundle.target - forgone_in_stress(bundle)
    return np.max(1 - wealth / bundle.problem["equity"]) + bundle.cost


def main(folder):
    bundle, wrong = Bundle(folder), 0
    gap = abs(bundle.objective() - bundle.solution["objective"])
    print(f"objective {bundle.objective():.12g}, stated {bundle.solution['objective']:.12g}")
    wrong += not gap <= TOLERANCE
    for constraint, stated in zip(bundle.problem["constraints"], bundle.solution["values"]):
        values = [value(bundle, constraint)]
        if constraint["name"] == "survival.worst-case":
            values.append(stress_loss(bundle))
        for found in values:
            differs = not abs(found - stated) <= TOLERANCE * max(1.0, abs(stated)) * max(1.0, constraint["scale"])
            wrong += differs
            mark = "DIFFERS" if differs else ("over" if found > constraint["limit"] + 1e-9 else "ok")
            print(f"{mark:8}{constraint['name']}: {found:.10g}, stated {stated:.10g}, limit {constraint['limit']:.10g}")
    print("the bundle does not agree with itself" if wrong else "every figure recomputed")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[2], file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
