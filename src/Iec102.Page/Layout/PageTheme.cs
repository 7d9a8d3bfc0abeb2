using MudBlazor;

namespace Iec102.Page.Layout;

/// <summary>
/// The look of the component library. Its colours are set in page.css, which follows the browser's light or dark without a script.
/// </summary>
internal static class PageTheme
{
    /// <summary>The fonts of the system, because nothing comes from outside.</summary>
    public static MudTheme Mud { get; } = new()
    {
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["system-ui", "sans-serif"] } },
    };
}
