namespace TgVault.Cli.Client.Apps;

/// <summary>A program of docs/samples that makes a link with a link key; this one carries them along.</summary>
/// <param name="Language">As --sample names it.</param>
/// <param name="Title">For a person.</param>
/// <param name="File">What it is saved as.</param>
sealed record LinkSample(string Language, string Title, string File)
{
    public static IReadOnlyList<LinkSample> All { get; } =
    [
        new("csharp", "C# (.NET 10, no package)", "link.cs"),
        new("javascript", "JavaScript (Node.js, no package)", "link.mjs"),
        new("python", "Python 3 (standard library only)", "link.py"),
    ];

    public string Read()
    {
        using var stream =
            typeof(LinkSample).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"bug: {File} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
