using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Iec102.Page.Components;

/// <summary>Shows what the server says, in the language of the reader; what has no translation is marked as English.</summary>
public sealed class Said : ComponentBase
{
    private string? _sentence;
    private string _shown = "";
    private bool _isEnglish;

    /// <summary>The sentence, as the API has it; null for nothing.</summary>
    [Parameter, EditorRequired]
    public string? Sentence { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Pages are drawn again every few seconds, and sentences seldom change.
        if (_sentence == Sentence)
            return;
        _sentence = Sentence;
        _shown = Sentences.Shown(Sentence, out _isEnglish);
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (!_isEnglish)
        {
            builder.AddContent(0, _shown);
            return;
        }

        builder.OpenElement(1, "span");
        builder.AddAttribute(2, "lang", "en");
        builder.AddContent(3, _shown);
        builder.CloseElement();
    }
}
