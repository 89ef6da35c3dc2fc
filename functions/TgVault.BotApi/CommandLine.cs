using System.Globalization;

namespace TgVault.BotApi;

/// <summary>The command's arguments. Tokens are not among them: every user of a machine sees the arguments of all programs.</summary>
sealed record CommandLine(BotApiOptions Options, bool ExitWithStdin)
{
    /// <summary>The environment variable with the bots' tokens, one or several with spaces between.</summary>
    public const string TokensVariable = "TGVAULT_BOTAPI_TOKENS";

    public const string Usage =
        $"usage: {TokensVariable}='ID:SECRET ...' TgVault.BotApi --data DIR [--port N] --channel ID ... [--control] [--reclaim-deleted] "
        + "[--messages-per-minute N] [--clock-ahead SECONDS] [--exit-with-stdin]";

    /// <param name="arguments">The options.</param>
    /// <param name="tokens">What <see cref="TokensVariable"/> says.</param>
    /// <exception cref="FormatException">The arguments do not make a server; the message says why.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments, string? tokens)
    {
        var channels = new List<long>();
        var (data, exitWithStdin) = ("", false);
        var options = new BotApiOptions
        {
            DataDirectory = "",
            Tokens = (tokens ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
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
                case "--channel":
                    channels.Add(Number(long.MinValue, long.MaxValue));
                    break;
                case "--messages-per-minute":
                    options = options with { MessagesPerMinute = (int)Number(0, int.MaxValue) };
                    break;
                case "--clock-ahead":
                    options = options with { ClockAhead = TimeSpan.FromSeconds(Number(0, int.MaxValue)) };
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

        if (data.Length == 0 || options.Tokens.Count == 0 || channels.Count == 0)
            throw new FormatException($"--data, --channel and {TokensVariable} are needed.");
        return new CommandLine(options with { DataDirectory = data }, exitWithStdin);
    }
}
