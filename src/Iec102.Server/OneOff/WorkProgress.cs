namespace Iec102.Server.OneOff;

/// <summary>Shows the progress of a long piece of work, and messages while it runs.</summary>
/// <param name="show">Shows the share done, 0 to 1.</param>
/// <param name="say">Writes a sentence to standard error.</param>
internal sealed class WorkProgress(Action<double> show, Action<string> say) : IProgress<double>
{
    /// <summary>Shows the share done, 0 to 1.</summary>
    public void Report(double share) => show(share);

    /// <summary>Writes a sentence to standard error, for example that a line was reopened.</summary>
    public void Say(string sentence) => say(sentence);
}
