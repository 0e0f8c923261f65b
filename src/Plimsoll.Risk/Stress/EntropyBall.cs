using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>The worst law within a relative entropy of the law of risk.</summary>
/// <param name="Entropy">KL(Q|P), nats.</param>
/// <param name="Tilt">
/// θ of dQ ∝ e^(θL)·dP, per unit of loss; infinite where Q sits on the worst scenarios alone.
/// </param>
/// <param name="MeanLoss">E_Q[L].</param>
/// <param name="DualValue">inf over θ of (ln E_P e^(θL) + η)/θ: equals <paramref name="MeanLoss"/>.</param>
/// <param name="Law">Q by scenario.</param>
public sealed record EntropyWorst(double Entropy, double Tilt, double MeanLoss, double DualValue, double[] Law)
{
    /// <summary>Dual less primal value over the size of the losses: the certificate, 0 but for rounding.</summary>
    public required double RelativeGap { get; init; }

    /// <summary>1/Σq²: scenarios that carry the worst law.</summary>
    public double EffectiveSample => RiskMeasures.EffectiveSample(Law);
}

/// <summary>Largest mean loss over all laws within a relative entropy of a weighted set, exactly.</summary>
/// <remarks>
/// Glasserman and Xu 2014 (Quantitative Finance 14) and Breuer and Csiszár 2013: the worst law tilts exponentially, the
/// dual has one dimension. η ≥ −ln P(L = max) puts all mass on the largest loss. η = −ln p bounds the expected
/// shortfall of the worst share p (Ahmadi-Javid 2012, entropic value at risk). On a law with heavy tails the supremum
/// is
/// infinite: on a finite set it is then decided by its largest scenarios, which <see
/// cref="EntropyWorst.EffectiveSample"/>
/// shows.
/// </remarks>
public static class EntropyBall
{
    /// <summary>Worst law at a radius.</summary>
    /// <param name="losses">Loss by scenario.</param>
    /// <param name="weights">P, sum 1.</param>
    /// <param name="radius">η, nats; positive.</param>
    public static EntropyWorst AtRadius(ReadOnlySpan<double> losses, ReadOnlySpan<double> weights, double radius)
    {
        if (!(radius > 0))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "a radius above 0, in nats");
        var tilting = new Tilting(losses, weights);
        return radius >= tilting.MostEntropy
            ? tilting.PointMass()
            : tilting.At(tilting.Solve(law => law.Entropy, radius), radius);
    }

    /// <summary>Least entropy at which the mean loss is an amount; null where no law reaches it.</summary>
    /// <param name="losses">Loss by scenario.</param>
    /// <param name="weights">P, sum 1.</param>
    /// <param name="meanLoss">Wanted E_Q[L]; at or below E_P[L] the answer is P itself.</param>
    public static EntropyWorst? Reaching(ReadOnlySpan<double> losses, ReadOnlySpan<double> weights, double meanLoss)
    {
        var tilting = new Tilting(losses, weights);
        if (meanLoss > tilting.Largest)
            return null;
        if (meanLoss <= tilting.Tilted(0).Mean)
            return tilting.At(0, 0);
        if (meanLoss >= tilting.Largest * (1 - 1e-12))
            return tilting.PointMass();
        double tilt = tilting.Solve(law => law.Mean, meanLoss);
        return tilting.At(tilt, tilting.Tilted(tilt).Entropy);
    }

    /// <summary>Losses in units of their spread below the largest, so that exponents never overflow.</summary>
    sealed class Tilting
    {
        readonly double[] losses;
        readonly double[] weights;
        readonly double unit;
        readonly double massAtLargest;

        public Tilting(ReadOnlySpan<double> losses, ReadOnlySpan<double> weights)
        {
            (this.losses, this.weights) = (losses.ToArray(), weights.ToArray());
            Largest = double.NegativeInfinity;
            double least = double.PositiveInfinity;
            for (int s = 0; s < losses.Length; s++)
                if (weights[s] > 0)
                    (Largest, least) = (Math.Max(Largest, losses[s]), Math.Min(least, losses[s]));
            unit = Math.Max(Largest - least, 1e-300);
            for (int s = 0; s < losses.Length; s++)
                if (losses[s] == Largest)
                    massAtLargest += weights[s];
        }

        public double Largest { get; }

        public double MostEntropy => -Math.Log(massAtLargest);

        /// <summary>Mean, ln E e^(t(L − max)/unit) and entropy at a tilt per unit of spread.</summary>
        public (double Mean, double LogMean, double Entropy) Tilted(double tilt)
        {
            var (mass, moment) = (new double[losses.Length], new double[losses.Length]);
            for (int s = 0; s < losses.Length; s++)
            {
                double below = (losses[s] - Largest) / unit;
                mass[s] = weights[s] * Math.Exp(tilt * below);
                moment[s] = mass[s] * below;
            }
            double sum = FixedOrderSum.Sum(mass);
            double mean = FixedOrderSum.Sum(moment) / sum;
            return (Largest + unit * mean, Math.Log(sum), tilt * mean - Math.Log(sum));
        }

        /// <summary>The tilt at which a rising figure of the law is wanted.</summary>
        public double Solve(Func<(double Mean, double LogMean, double Entropy), double> figure, double wanted)
        {
            double low = 0,
                high = 1;
            while (figure(Tilted(high)) < wanted && high < 1e12)
                (low, high) = (high, 2 * high);
            for (int step = 0; step < 200 && high - low > 1e-15 * high; step++)
            {
                double middle = 0.5 * (low + high);
                (low, high) = figure(Tilted(middle)) < wanted ? (middle, high) : (low, middle);
            }
            return 0.5 * (low + high);
        }

        public EntropyWorst At(double tilt, double radius)
        {
            var (mean, logMean, entropy) = Tilted(tilt);
            var law = new double[losses.Length];
            for (int s = 0; s < law.Length; s++)
                law[s] = weights[s] * Math.Exp(tilt * (losses[s] - Largest) / unit - logMean);
            double dual = tilt == 0 ? mean : Largest + unit * (logMean + radius) / tilt;
            return new EntropyWorst(entropy, tilt / unit, mean, dual, law)
            {
                RelativeGap = Math.Abs(dual - mean) / unit,
            };
        }

        public EntropyWorst PointMass() =>
            new(
                MostEntropy,
                double.PositiveInfinity,
                Largest,
                Largest,
                [.. losses.Select((loss, s) => loss == Largest ? weights[s] / massAtLargest : 0)]
            )
            {
                RelativeGap = 0,
            };
    }
}
