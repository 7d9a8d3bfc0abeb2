namespace Iec102.Page.Components;

/// <summary>A value at a place of the horizontal axis, and what is said of it.</summary>
/// <param name="Value">The value; null for none.</param>
/// <param name="Text">All that is said of the place, as HTML: shown when the reader points at it.</param>
/// <param name="IsFaint">Whether it is drawn faintly, since it is only a part.</param>
public sealed record PlotPoint(double? Value, string Text, bool IsFaint = false);

/// <summary>Values of one kind.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Colour">A colour of the style sheet, such as --accent.</param>
/// <param name="Points">The values, one for each place.</param>
/// <param name="IsLine">Whether they are joined by a line instead of drawn as bars.</param>
public sealed record PlotSeries(string Name, string Colour, IReadOnlyList<PlotPoint> Points, bool IsLine = false);

/// <summary>What a chart shows.</summary>
/// <param name="Unit">The unit of the vertical axis.</param>
/// <param name="Places">The labels of the horizontal axis.</param>
/// <param name="Series">The values.</param>
/// <param name="Limit">A limit that is drawn on both sides of zero; null for none.</param>
public sealed record PlotContent(string Unit, IReadOnlyList<string> Places, IReadOnlyList<PlotSeries> Series, double? Limit = null)
{
    private const string Ink = "var(--ink)";
    private const string Quiet = "var(--quiet)";
    private const string Line = "var(--line)";

    /// <summary>The options as ECharts takes them.</summary>
    internal object ToEcharts() => new
    {
        animation = false,
        textStyle = new { fontFamily = "inherit" },
        grid = new { left = 24, right = 32, top = Series.Count > 1 ? 64 : 32, bottom = 64, containLabel = true },
        legend = new
        {
            show = Series.Count > 1,
            top = 0,
            left = 0,
            textStyle = new { color = Ink },
            inactiveColor = Quiet,
            type = "scroll",
        },
        tooltip = new
        {
            trigger = "axis",
            confine = true,
            backgroundColor = "var(--card)",
            borderColor = Line,
            textStyle = new { color = Ink },
            axisPointer = new { type = "line", lineStyle = new { color = Quiet } },
        },
        xAxis = new
        {
            type = "category",
            data = Places,
            axisLabel = new { color = Quiet, hideOverlap = true },
            axisLine = new { lineStyle = new { color = Quiet } },
            axisTick = new { show = false },
        },
        yAxis = new
        {
            type = "value",
            name = Unit,
            nameTextStyle = new { color = Quiet, align = "left" },
            axisLabel = new { color = Quiet },
            splitLine = new { lineStyle = new { color = Line } },
        },
        dataZoom = new object[]
        {
            new { type = "inside", zoomOnMouseWheel = "ctrl" },
            new
            {
                type = "slider",
                bottom = 8,
                height = 24,
                borderColor = Line,
                textStyle = new { color = Quiet },
                fillerColor = "rgba(120, 150, 190, .25)",
            },
        },
        series = Series.Select(SeriesOf).ToArray(),
    };

    private object SeriesOf(PlotSeries series) => new
    {
        type = series.IsLine ? "line" : "bar",
        name = series.Name,
        color = $"var({series.Colour})",
        symbol = "circle",
        symbolSize = 4,
        connectNulls = false,
        emphasis = new { disabled = true },
        lineStyle = series.IsLine ? new { width = 2 } : null,
        markLine = Limit is not { } limit ? null : new
        {
            silent = true,
            symbol = "none",
            label = new { show = false },
            lineStyle = new { color = "var(--down)", type = "dashed" },
            data = new[] { new { yAxis = limit }, new { yAxis = -limit } },
        },
        data = series.Points.Select(point => new
        {
            value = point.Value,
            text = point.Text,
            itemStyle = point.IsFaint ? new { opacity = .45 } : null,
        }).ToArray(),
    };
}
