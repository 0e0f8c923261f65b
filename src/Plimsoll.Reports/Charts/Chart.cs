using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Plimsoll.Reports;

/// <summary>A drawn chart, ready to be written as SVG or PNG.</summary>
public sealed class Chart
{
    const int WidthPixels = 960;
    const int HeightPixels = 600;

    // Room for amounts of seven digits beside the axis's own name.
    const int LeftPixels = 90;

    readonly Plot plot;

    internal Chart(Plot plot)
    {
        this.plot = plot;
        // A legend beside a plot that has nothing to name leaves the whole picture blank.
        if (plot.GetPlottables().SelectMany(drawn => drawn.LegendItems).Any(item => item.LabelText.Length > 0))
            plot.ShowLegend(Edge.Right);
        plot.Axes.Left.MinimumSize = LeftPixels;
    }

    /// <summary>Dates below the plot, written as everywhere else: year, month, day.</summary>
    internal static void DatesBelow(Plot plot)
    {
        var ticks = (DateTimeAutomatic)plot.Axes.DateTimeTicksBottom().TickGenerator;
        ticks.LabelFormatter = date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Colours that stay apart for colour-blind readers too (Okabe and Ito 2008).</summary>
    internal static Color[] Palette { get; } =
    [
        Color.FromHex("#0072B2"),
        Color.FromHex("#D55E00"),
        Color.FromHex("#009E73"),
        Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"),
        Color.FromHex("#56B4E9"),
        Color.FromHex("#555555"),
    ];

    /// <summary>The bytes of an SVG or a PNG file, by the ending of the file's name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another ending.</exception>
    public byte[] Bytes(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.EndsWith(".png", StringComparison.Ordinal))
            return plot.GetImageBytes(WidthPixels, HeightPixels, ImageFormat.Png);
        if (file.EndsWith(".svg", StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(plot.GetSvgXml(WidthPixels, HeightPixels));
        throw new ArgumentOutOfRangeException(nameof(file), file, "the file's name must end in .svg or .png");
    }
}
