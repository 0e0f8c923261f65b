using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>Bytes of the settings, which are part of the journal.</summary>
static class SettingsCodec
{
    public static void Settings(this ByteWriter to, EngineSettings settings)
    {
        to.Text(settings.EngineId);
        Limits(to, settings.Controls);
        to.Amount(settings.BandShare);
        to.Whole(settings.BandLots);
        to.Amount(settings.DepthShare);
        to.Span(settings.OrderLife);
        to.Span(settings.NotFoundMargin);
        to.Many(
            settings.Drawdowns,
            step =>
            {
                to.Amount(step.Drawdown);
                to.Amount(step.Keep);
            }
        );
        to.Many(
            settings.Cuts,
            line =>
            {
                to.Amount(line.MarginRatio);
                to.Amount(line.DepthShare);
                to.Amount(line.PriceRoom);
            }
        );
        to.Amount(settings.CutTarget);
        to.Span(settings.CutInterval);
        to.Span(settings.ReconcileInterval);
        to.Span(settings.SolveInterval);
        to.Span(settings.SolvePause);
        to.Amount(settings.IndexTrigger);
        to.Amount(settings.VolatilityTrigger);
        to.Span(settings.TargetAge);
        to.Amount(settings.SuspectMove);
        to.Span(settings.HoldTime);
        to.Span(settings.ClockTrust);
        to.Whole(settings.Rules);
        to.Amount(settings.VolatilityRoom);
        to.Span(settings.VolatilityMemory);
        to.Amount(settings.SurfaceError);
        to.Amount(settings.DeleveragingRank);
        to.Amount(settings.DeleveragingFund);
        to.Amount(settings.DeleveragingKeep);
        to.Span(settings.DeleveragingPause);
        to.Span(settings.SimulateInterval);
        to.Flag(settings.Resting.IsOn);
        to.Flag(settings.Resting.VenueEdits);
        to.Span(settings.Resting.Deadline);
        to.Span(settings.Resting.EditPause);
        to.Amount(settings.Resting.EditBand);
        to.Span(settings.TradeMemory);
    }

    /// <param name="from">Bytes.</param>
    /// <param name="version">Of the payload of <see cref="Configured"/>.</param>
    public static EngineSettings Settings(this ByteReader from, ushort version)
    {
        var settings = FirstSettings(from);
        if (version > 1)
            settings = SecondSettings(from, settings);
        // Who did not know of simulators asked none, and a replay must not either.
        settings = settings with
        {
            SimulateInterval = version > 2 ? from.Span() : TimeSpan.Zero,
        };
        // Whoever did not know of resting orders sent none.
        return version > 3 ? settings with { Resting = Resting(from), TradeMemory = from.Span() } : settings;
    }

    static RestingSettings Resting(ByteReader from) =>
        new()
        {
            IsOn = from.Flag(),
            VenueEdits = from.Flag(),
            Deadline = from.Span(),
            EditPause = from.Span(),
            EditBand = from.Amount(),
        };

    static EngineSettings SecondSettings(ByteReader from, EngineSettings first) =>
        first with
        {
            Rules = from.Whole(),
            VolatilityRoom = from.Amount(),
            VolatilityMemory = from.Span(),
            SurfaceError = from.Amount(),
            DeleveragingRank = from.Amount(),
            DeleveragingFund = from.Amount(),
            DeleveragingKeep = from.Amount(),
            DeleveragingPause = from.Span(),
        };

    static EngineSettings FirstSettings(ByteReader from) =>
        new()
        {
            Rules = 1,
            EngineId = from.Text(),
            Controls = Limits(from),
            BandShare = from.Amount(),
            BandLots = from.Whole(),
            DepthShare = from.Amount(),
            OrderLife = from.Span(),
            NotFoundMargin = from.Span(),
            Drawdowns = from.Many(() => new DrawdownStep(from.Amount(), from.Amount())),
            Cuts = from.Many(() => new CutLine(from.Amount(), from.Amount(), from.Amount())),
            CutTarget = from.Amount(),
            CutInterval = from.Span(),
            ReconcileInterval = from.Span(),
            SolveInterval = from.Span(),
            SolvePause = from.Span(),
            IndexTrigger = from.Amount(),
            VolatilityTrigger = from.Amount(),
            TargetAge = from.Span(),
            SuspectMove = from.Amount(),
            HoldTime = from.Span(),
            ClockTrust = from.Span(),
        };

    static void Limits(ByteWriter to, ControlLimits limits)
    {
        to.Amounts(
            limits.OrderNotionalUsd,
            limits.OrderShareOfEquity,
            limits.PositionNotionalUsd,
            limits.GrossNotionalUsd,
            limits.PriceCollar,
            limits.InitialMarginShare,
            limits.LossTodayShare
        );
        to.Maybe(limits.OpenOrders, to.Whole);
        to.Amount(limits.CutPriceCollar);
        to.Whole(limits.MessagesPerSecond);
        to.Whole(limits.CutReserve);
        to.Span(limits.DuplicateWindow);
        to.Whole(limits.MostRejects);
        to.Span(limits.RejectWindow);
        to.Span(limits.BookAge);
        to.Span(limits.PriceAge);
        to.Span(limits.AccountAge);
        to.Span(limits.SettlementWindow);
    }

    static ControlLimits Limits(ByteReader from) =>
        new()
        {
            OrderNotionalUsd = from.MaybeAmount(),
            OrderShareOfEquity = from.MaybeAmount(),
            PositionNotionalUsd = from.MaybeAmount(),
            GrossNotionalUsd = from.MaybeAmount(),
            PriceCollar = from.MaybeAmount(),
            InitialMarginShare = from.MaybeAmount(),
            LossTodayShare = from.MaybeAmount(),
            OpenOrders = from.Maybe(from.Whole),
            CutPriceCollar = from.Amount(),
            MessagesPerSecond = from.Whole(),
            CutReserve = from.Whole(),
            DuplicateWindow = from.Span(),
            MostRejects = from.Whole(),
            RejectWindow = from.Span(),
            BookAge = from.Span(),
            PriceAge = from.Span(),
            AccountAge = from.Span(),
            SettlementWindow = from.Span(),
        };
}
