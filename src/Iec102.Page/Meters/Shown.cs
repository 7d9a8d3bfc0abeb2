using System.Globalization;
using NodaTime;

namespace Iec102.Page.Meters;

/// <summary>Times and numbers as the reader writes them; times are civil times of the meter's zone, as the API has them.</summary>
public static class Shown
{
    /// <summary>Date and time to the second.</summary>
    public static string? Time(string? iso) =>
        iso is null ? null : DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).DateTime.ToString("G", CultureInfo.CurrentCulture);

    /// <summary>Date and time to the minute.</summary>
    public static string? Minute(string? iso) =>
        iso is null ? null : DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).DateTime.ToString("g", CultureInfo.CurrentCulture);

    /// <summary>The date of a moment.</summary>
    public static string Day(string iso) =>
        DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture).DateTime.ToString("d", CultureInfo.CurrentCulture);

    /// <summary>A date.</summary>
    public static string Date(LocalDate day) => day.ToString("d", CultureInfo.CurrentCulture);

    /// <summary>A number without decimals.</summary>
    public static string Number(double? number, int decimals = 0) =>
        number?.ToString($"N{decimals}", CultureInfo.CurrentCulture) ?? "";

    /// <summary>A day in a query of the API: its 00:00 in the meter's zone.</summary>
    public static string Query(LocalDate day) => day.ToString("uuuu'-'MM'-'dd", CultureInfo.InvariantCulture);

    /// <summary>A moment in a query of the API.</summary>
    public static string Query(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
