using System.CommandLine;
using TgVault.Cli.Commands.Uploading;

namespace TgVault.Cli.Commands.Looking;

/// <summary>How many videos a list has at most, and how it is printed.</summary>
sealed class ListingOptions
{
    const int DefaultLimit = 50;

    readonly Option<int> _limit = new("--limit")
    {
        Description = "At most so many.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };
    readonly Option<bool> _all = new("--all") { Description = "All there are." };
    readonly Option<bool> _json = UploadCommand.JsonOption();

    public ListingOptions() =>
        _limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[^1].Value, out var value) || value < 1))
                result.AddError("--limit must be at least 1.");
        });

    public void AddTo(Command command)
    {
        command.Add(_limit);
        command.Add(_all);
        command.Add(_json);
    }

    public int LimitOf(ParseResult parsed) => parsed.GetValue(_all) ? int.MaxValue : parsed.GetValue(_limit);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);
}
