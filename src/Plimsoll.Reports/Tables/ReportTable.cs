using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Plimsoll.Reports;

/// <summary>A plain table: names of columns, rows, numbers right-aligned on their decimal points.</summary>
sealed class ReportTable
{
    // Names of instruments and limits stay whole; sentences wrap.
    const int LongestUnwrapped = 48;
    const int PageWidth = 100;

    readonly string[] columns;
    readonly bool[] isNumber;
    readonly List<(string[] Cells, Style Style, bool IsHeat)> rows = [];

    /// <param name="columns">Names of columns; a name that starts with <c>#</c> marks a column of numbers.</param>
    public ReportTable(params string[] columns)
    {
        this.columns = [.. columns.Select(name => name.TrimStart('#'))];
        isNumber = [.. columns.Select(name => name.StartsWith('#'))];
    }

    /// <summary>Whether there is nothing to show.</summary>
    public bool IsEmpty => rows.Count == 0;

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => rows.Add((cells, Style.Plain, false));

    /// <summary>Adds a row in a style of its own.</summary>
    public void Add(Style style, params string[] cells) => rows.Add((cells, style, false));

    /// <summary>Adds a row of gains and losses: each number in the colour of its sign.</summary>
    public void AddHeat(params string[] cells) => rows.Add((cells, Style.Plain, true));

    /// <summary>The table for a console.</summary>
    public IRenderable Render()
    {
        int wrapping = Wrapping();
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        for (int c = 0; c < columns.Length; c++)
        {
            var column = new TableColumn(new Text(columns[c], new Style(decoration: Decoration.Underline)))
            {
                NoWrap = c != wrapping && (isNumber[c] || rows.All(row => row.Cells[c].Length <= LongestUnwrapped)),
                Alignment = isNumber[c] ? Justify.Right : Justify.Left,
                Padding = new Padding(c == 0 ? 2 : 0, 0, 2, 0),
            };
            table.AddColumn(column);
        }
        string[][] cells = [.. rows.Select(row => (string[])row.Cells.Clone())];
        for (int c = 0; c < columns.Length; c++)
            if (isNumber[c])
            {
                string[] aligned = Figures.Aligned([.. cells.Select(row => row[c])]);
                for (int r = 0; r < cells.Length; r++)
                    cells[r][c] = aligned[r];
            }
        for (int r = 0; r < cells.Length; r++)
            table.AddRow(cells[r].Select((cell, c) => (IRenderable)new Text(cell, StyleOf(r, c, cell))));
        return table;
    }

    /// <summary>The table for a page: columns of words have the class <c>text</c>, rows of a style <c>good</c> or
    /// <c>bad</c>.</summary>
    public string Html()
    {
        var page = new StringBuilder("<table><tr>");
        for (int c = 0; c < columns.Length; c++)
            Cell("th", c, columns[c]);
        page.Append("</tr>");
        foreach (var (cells, style, _) in rows)
        {
            page.Append(
                style == ReportPage.Good ? "<tr class=\"good\">"
                : style == ReportPage.Bad ? "<tr class=\"bad\">"
                : "<tr>"
            );
            for (int c = 0; c < cells.Length; c++)
                Cell("td", c, cells[c]);
            page.Append("</tr>");
        }
        return page.Append("</table>").ToString();

        void Cell(string kind, int column, string text) =>
            page.Append('<')
                .Append(kind)
                .Append(isNumber[column] ? ">" : " class=\"text\">")
                .Append(WebUtility.HtmlEncode(text))
                .Append("</")
                .Append(kind)
                .Append('>');
    }

    /// <summary>
    /// The column that gives way where all are short and the page is still too narrow: the widest of words, so that no
    /// number and no name is broken; -1: none has to.
    /// </summary>
    int Wrapping()
    {
        int[] widths =
        [
            .. Enumerable
                .Range(0, columns.Length)
                .Select(c => rows.Select(row => row.Cells[c].Length).Append(columns[c].Length).Max()),
        ];
        if (widths.Sum() + 2 * (widths.Length + 1) <= PageWidth)
            return -1;
        return Enumerable
            .Range(0, widths.Length)
            .Where(c => !isNumber[c])
            .DefaultIfEmpty(-1)
            .MaxBy(c => c < 0 ? 0 : widths[c]);
    }

    Style StyleOf(int row, int column, string cell)
    {
        if (!rows[row].IsHeat || !isNumber[column])
            return rows[row].Style;
        return cell.StartsWith('-') ? ReportPage.Bad
            : cell.Trim() is "0" or Figures.Unknown ? Style.Plain
            : ReportPage.Good;
    }
}
