namespace Akka;

/// <summary>Says that something is complete, and nothing more.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
