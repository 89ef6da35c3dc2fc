using System.Globalization;

namespace TgVault.BotApi;

/// <summary>The command's arguments.</summary>
sealed record CommandLine(BotApiOptions Options, bool ExitWithStdin)
{
    public const string Usage =
        "usage: TgVault.BotApi --data DIR [--port N] --token ID:SECRET ... --channel ID ... [--control] [--reclaim-deleted] "
        + "[--messages-per-minute N] [--exit-with-stdin]";

    /// <exception cref="FormatException">The arguments do not make a server; the message says why.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var (tokens, channels) = (new List<string>(), new List<long>());
        var (data, exitWithStdin) = ("", false);
        var options = new BotApiOptions
        {
            DataDirectory = "",
            Tokens = tokens,
            Channels = channels,
        };
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--data":
                    data = Value();
                    break;
                case "--port":
                    options = options with { Port = (int)Number(0, 65_535) };
                    break;
                case "--token":
                    tokens.Add(Value());
                    break;
                case "--channel":
                    channels.Add(Number(long.MinValue, long.MaxValue));
                    break;
                case "--messages-per-minute":
                    options = options with { MessagesPerMinute = (int)Number(0, int.MaxValue) };
                    break;
                case "--control":
                    options = options with { Control = true };
                    break;
                case "--reclaim-deleted":
                    options = options with { ReclaimDeleted = true };
                    break;
                case "--exit-with-stdin":
                    exitWithStdin = true;
                    break;
                default:
                    throw new FormatException($"{arguments[i]} is no option of this command.");
            }

            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value.");

            long Number(long least, long most) =>
                long.TryParse(Value(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least
                && number <= most
                    ? number
                    : throw new FormatException($"{arguments[i - 1]} needs a number.");
        }

        if (data.Length == 0 || tokens.Count == 0 || channels.Count == 0)
            throw new FormatException("--data, --token and --channel are needed.");
        return new CommandLine(options with { DataDirectory = data }, exitWithStdin);
    }
}
