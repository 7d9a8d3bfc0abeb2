using System.Globalization;
using Iec102.Page.Components;

namespace Iec102.Page.Pages;

/// <summary>What the audit log has as calls of the API, in the words of the reader's language (AuditTexts.resx).</summary>
internal static class AuditTexts
{
    private static readonly Lazy<SentenceCatalogue> English = new(() => SentenceCatalogue.Of(typeof(AuditTexts), ""));
    private static readonly Lazy<SentenceCatalogue> Spanish = new(() => SentenceCatalogue.Of(typeof(AuditTexts), "es"));

    /// <summary>What somebody did, such as POST /api/meters/m-1/read, or who it was if that was nobody's key; else as it is.</summary>
    public static string Shown(string text) =>
        (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "es" ? Spanish : English).Value.Translate(text) ?? text;
}
