#!/usr/bin/env python3
"""Plants one fault after the other in a copy of the tree and runs the tests that must notice it.

    python3 tests/mutants/run.py             all of them (a nightly job: half an hour on two idle cores)
    python3 tests/mutants/run.py M-05 M-11   those only

A mutant is killed when its tests fail. One that survives, or whose text is no longer in its file, ends with exit code 1.
The last lines are the table of docs/mutants.md.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A planted fault may never come to an end: two gibibytes of objects are enough for every test that does.
LIMITED = {**os.environ, "DOTNET_GCHeapHardLimit": "0x80000000"}
CORE = ("Engine", "--filter-class *EngineCoreTests* --filter-class *BetweenSolvesTests* --filter-class *RestingTests*")
CONTROLS = ("Controls", "")
JOURNAL = ("Journal", "--filter-not-trait suite=all")
LIVE = ("Live", "--filter-class *EngineLoopTests* --filter-class *HistoryTests*")
VENUES = ("Venues", "--filter-not-trait suite=all")
PAPER = ("Paper", "--filter-not-trait suite=all")

# id, what is planted, file, text, text in its place, tests that must fail
MUTANTS = [
    ("M-01", "notional drops the contract's size", "src/Plimsoll.Markets/Notional.cs",
     "IsFaceInDollars(instrument) ? instrument.ContractSize : instrument.ContractSize * underlyingUsd;",
     "IsFaceInDollars(instrument) ? 1 : underlyingUsd;", CONTROLS),
    ("M-02", "inverse options valued by 1/price", "src/Plimsoll.Paper/Accounts/Payoff.cs",
     "decimal.Round(IsReciprocal(instrument) ? amount / price",
     "decimal.Round(instrument.Shape == PayoffShape.Inverse ? amount / price", PAPER),
    ("M-03", "a sale adds to the position", "src/Plimsoll.Engine/Orders/OrderBook.cs",
     "own.Position += fill.Side == Side.Buy ? fill.Contracts : -fill.Contracts;",
     "own.Position += fill.Contracts;", CORE),
    ("M-04", "what is not known counts as fresh", "src/Plimsoll.Controls/Checks/FreshData.cs",
     "return Unknown(what);", "return null;", CONTROLS),
    ("M-05", "a time-out is a failure", "src/Plimsoll.Engine/Orders/OrderBook.cs",
     "if (failed.IsAmbiguous || order.Phase == OrderPhase.Open)", "if (order.Phase == OrderPhase.Open)", CORE),
    ("M-06", "a label is used again", "src/Plimsoll.Engine/Orders/OrderMaking.cs",
     "{state.Settings!.EngineId}-{state.Sequence}-{terms.Name}", "{state.Settings!.EngineId}-{terms.Name}", CORE),
    ("M-07", "effects leave before the flush", "src/Plimsoll.Live/Loop/EngineLoop.cs",
     "        engine.Flush();\n        lastFlush", "        lastFlush", LIVE),
    ("M-08", "reduce-only forgets what reduces already", "src/Plimsoll.Controls/Checks/ReduceOnlyNeverFlips.cs",
     " - Working(input, order.Side, reduceOnly: true);", ";", CONTROLS),
    ("M-09", "a gap is a step of more than one", "src/Plimsoll.Venues/Deribit/DeribitBook.cs",
     'data.GetProperty("prev_change_id").GetInt64() != changeId',
     'data.GetProperty("change_id").GetInt64() <= changeId', VENUES),
    ("M-10", "an absent balance is none", "src/Plimsoll.Engine/AccountFigures.cs",
     "if (!account.Equities.IsDefaultOrEmpty)\n            state.Equities = account.Equities;",
     "state.Equities = account.Equities.IsDefault ? [] : account.Equities;", CORE),
    ("M-11", "fills are told apart by their order", "src/Plimsoll.Engine/Orders/OrderBook.cs",
     "if (!state.Trades.Add(fill))", "if (!state.Trades.Add(fill with { TradeId = fill.Label ?? fill.TradeId }))", CORE),
    ("M-12", "cuts start at 95%", "src/Plimsoll.Engine/EngineSettings.cs",
     "[new(0.70m, 0.5m, 0.005m), new(0.80m", "[new(0.95m, 0.5m, 0.005m), new(0.96m", CORE),
    ("M-15", "the option tick ignores its step", "src/Plimsoll.Markets/TickSchedule.cs",
     "if (price > step.Above)", "if (price < 0)", ("Markets", "")),
    ("M-16", "a fee without its cap", "src/Plimsoll.Paper/Accounts/Payoff.cs",
     "perCoin = Math.Min(perCoin, cap * price);", "perCoin = Math.Max(perCoin, 0 * cap);", PAPER),
    ("M-18", "orders alive are left out of exposure", "src/Plimsoll.Engine/Orders/OrderMaking.cs",
     "Working = Working(state, own.Terms.Name).RemoveAll(o => o.Label == changed?.Intent.Label),", "Working = [],", CORE),
    ("M-19", "check sums are not looked at", "src/Plimsoll.Journal/RecordCodec.cs",
     "if (BinaryPrimitives.ReadUInt32LittleEndian(record[CheckSumAt..]) != CheckSum(record[SequenceAt..]))\n"
     "            return false;", "", JOURNAL),
    ("M-20", "a kill waits for the rate limit", "src/Plimsoll.Engine/EngineCore.cs",
     "effects.Add(new CancelAll(state.HaltCause));\n",
     "if (state.Messages.Count == 0 && state.SessionIsUp) effects.Add(new CancelAll(state.HaltCause));\n", CORE),
    ("E-01", "the chain of hashes is not looked at", "src/Plimsoll.Journal/RecordCodec.cs",
     "if (!own.SequenceEqual(bytes.Slice(ChainAt, ChainBytes)))\n            return RecordFinding.Damaged;", "", JOURNAL),
    ("E-02", "every mark is believed at once", "src/Plimsoll.Engine/MarketFigures.cs",
     "if (near || agreed)", "if (near || agreed || mark > 0)", CORE),
    ("E-03", "not found once is dead", "src/Plimsoll.Engine/Orders/OrderBook.cs",
     "const int MissesToBelieve = 2;", "const int MissesToBelieve = 1;", CORE),
    ("E-04", "a kill only stops openings", "src/Plimsoll.Engine/ModeRules.cs",
     "return (EngineMode.Halted, halt);", "return (EngineMode.ReduceOnly, halt);", CORE),
    ("E-05", "the venue's position does not win", "src/Plimsoll.Engine/Reconciliation.cs",
     "(own.Position, own.PositionAt) = (venue, state.Now);", "own.PositionAt = state.Now;", CORE),
    ("E-06", "an unknown order of the venue is left alone", "src/Plimsoll.Engine/Reconciliation.cs",
     "effects.Add(new CancelOrder(listed.Label));", "", CORE),
    ("E-07", "more volatility, more contracts", "src/Plimsoll.Engine/Decisions/Normalisation.cs",
     "Keep(settings.VolatilityRoom / realised,", "Keep(realised / settings.VolatilityRoom,", CORE),
    ("E-08", "a refused price goes farther", "src/Plimsoll.Engine/Decisions/Cuts.cs",
     "if (refusal == RefusalKind.Price)", "if (refusal == RefusalKind.Late)", CORE),
    ("E-09", "a broken hedge waits in the band", "src/Plimsoll.Engine/Decisions/Resizing.cs",
     "if (own.IsOwed)", "if (own.IsOwed && state.Sequence == 0)", CORE),
    ("E-10", "cuts ask for the opening limits", "src/Plimsoll.Controls/PreTradeGate.cs",
     "control.AppliesToReducing", "(control.AppliesToReducing || order.Contracts > 0)", CONTROLS),
    ("E-11", "cuts take the largest margin last", "src/Plimsoll.Engine/Decisions/Cuts.cs",
     ".OrderByDescending(own => Releases", ".OrderBy(own => Releases", CORE),
    ("E-12", "an unknown change is taken for refused", "src/Plimsoll.Engine/Orders/OrderBook.cs",
     "if (!failed.IsAmbiguous)\n                    order.Pending = null;", "order.Pending = null;", CORE),
    ("E-13", "a change states what is left, not the total", "src/Plimsoll.Engine/Decisions/Resting.cs",
     "Contracts = order.Booked + (isTooLarge ? open : order.Remaining),",
     "Contracts = isTooLarge ? open : order.Remaining,", CORE),
    ("E-14", "a cut forgets what rests and reduces", "src/Plimsoll.Engine/Decisions/Cuts.cs",
     "Math.Abs(own.Position) - covered)", "Math.Abs(own.Position))", CORE),
    ("E-15", "a cut leaves what rests in the book", "src/Plimsoll.Engine/Decisions/Cuts.cs",
     "            OrderBook.Cancel(state, resting, effects);\n", "", CORE),
    ("E-16", "old trades are known by their id alone", "src/Plimsoll.Engine/Orders/TradeIds.cs",
     "!(fill.VenueAt < Horizon) && known", "known", CORE),
]


def build_and_test(tree: pathlib.Path, tests: tuple[str, str]) -> str:
    """'passed', 'failed' or 'not built'."""
    project = f"tests/Plimsoll.{tests[0]}.Tests"
    built = subprocess.run(["dotnet", "build", project, "-c", "Release", "-v", "q", "-p:RunAnalyzers=false"],
                           cwd=tree, capture_output=True, text=True)
    if built.returncode != 0:
        return "not built"
    ran = subprocess.run(["dotnet", "test", "--project", project, "-c", "Release", "--no-build", "--no-ansi",
                          "--no-progress", "--stop-on-fail", "on", *tests[1].split()],
                         cwd=tree, capture_output=True, text=True, env=LIMITED)
    return "passed" if ran.returncode == 0 else "failed"


def copy(to: pathlib.Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


def main(wanted: list[str]) -> int:
    chosen = [m for m in MUTANTS if not wanted or m[0] in wanted]
    rows, survived = [], 0
    with tempfile.TemporaryDirectory(prefix="plimsoll-mutants-") as folder:
        tree = pathlib.Path(folder)
        copy(tree)
        for tests in dict.fromkeys(m[5] for m in chosen):
            if (sound := build_and_test(tree, tests)) != "passed":
                print(f"without any mutant the tests of {tests[0]} are {sound}", file=sys.stderr)
                return 3
        for name, what, file, text, other, tests in chosen:
            path, began = tree / file, time.monotonic()
            whole = path.read_text(encoding="utf-8")
            if whole.count(text) != 1:
                found = f"its text stands {whole.count(text)} times in {file}"
            else:
                path.write_text(whole.replace(text, other), encoding="utf-8")
                found = {"failed": "killed", "passed": "SURVIVED"}.get(build_and_test(tree, tests), "not built")
                path.write_text(whole, encoding="utf-8")
            survived += found != "killed"
            rows.append(f"| {name} | {what} | {tests[0]} | {found} |")
            print(f"{name} {found} ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
    print("| mutant | what is planted | tests | |\n| --- | --- | --- | --- |")
    print("\n".join(rows))
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
