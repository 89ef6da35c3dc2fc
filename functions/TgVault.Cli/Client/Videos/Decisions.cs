namespace TgVault.Cli.Client.Videos;

/// <summary>What ingest does with a file, for people who keep films.</summary>
static class Decisions
{
    /// <summary>Empty where nothing is decided yet.</summary>
    public static string InPlainWords(string decision) =>
        decision switch
        {
            "take" => "stored as it was uploaded: browsers play it so",
            "relocate" =>
                "pictures and sound as uploaded; only the file's table of contents was put in front or mended, so that it starts at once",
            "remux" => "put into an MP4, which every player takes; the tracks below say what was done with each",
            "keepAsFile" => "kept as it was uploaded, for download; browsers cannot play it",
            var other => other,
        };
}
