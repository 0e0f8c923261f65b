using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Bytes of margin as venues state it, and of what is known of the models' errors.</summary>
static class MarginCodec
{
    public static void Pool(this ByteWriter to, StatedPool pool)
    {
        to.Text(pool.Currency.Code);
        to.Amount(pool.Initial);
        to.Amount(pool.Maintenance);
    }

    public static StatedPool Pool(this ByteReader from) => new(new Currency(from.Text()), from.Amount(), from.Amount());

    public static void Compared(this ByteWriter to, ComparedMargin error)
    {
        to.Text(error.Model);
        to.Text(error.Pool);
        to.Text(error.Currency.Code);
        to.Amount(error.Initial);
        to.Amount(error.StatedInitial);
        to.Amount(error.Maintenance);
        to.Amount(error.StatedMaintenance);
        to.Amounts(error.Shortfall);
    }

    public static ComparedMargin Compared(this ByteReader from) =>
        new(
            from.Text(),
            from.Text(),
            new Currency(from.Text()),
            from.Amount(),
            from.Amount(),
            from.Amount(),
            from.Amount(),
            from.MaybeAmount()
        );

    public static void Check(this ByteWriter to, MarginCheck check)
    {
        to.Many(
            check.Shortfalls,
            seen =>
            {
                to.Text(seen.Key);
                to.Many(seen.Value, share => to.Amounts(share));
            }
        );
        to.Many(
            check.Book,
            held =>
            {
                to.Text(held.Key);
                to.Amount(held.Value);
            }
        );
        foreach (var at in (DateTimeOffset?[])[check.AskedAt, check.AnsweredAt, check.ComparedAt])
            to.Maybe(at, to.Time);
        to.Sequence(check.AskedSequence);
        to.Text(check.Trouble);
        to.Amounts(check.SolveWidening);
        to.Many(check.Last, to.Compared);
    }

    public static void Check(this ByteReader from, MarginCheck check)
    {
        foreach (var (model, shares) in from.Many(() => (from.Text(), from.Many(from.MaybeAmount))))
            check.Shortfalls[model] = [.. shares];
        foreach (var (name, contracts) in from.Many(() => (from.Text(), from.Amount())))
            check.Book[name] = contracts;
        DateTimeOffset? At() => from.Maybe(from.Time);
        (check.AskedAt, check.AnsweredAt, check.ComparedAt) = (At(), At(), At());
        (check.AskedSequence, check.Trouble) = (from.Sequence(), from.Text());
        (check.SolveWidening, check.Last) = (from.MaybeAmount(), from.Many(from.Compared));
    }
}
