using System.Globalization;

namespace TgVault.BotApi;

/// <summary>The command line of the stand-in.</summary>
sealed record StandInArguments(BotApiOptions Options, bool ExitWithStdin)
{
    /// <summary>Null where it cannot be understood, or data, token or channel is missing.</summary>
    public static StandInArguments? TryParse(string[] arguments)
    {
        string? data = null;
        List<string> tokens = [];
        List<long> channels = [];
        var (port, perMinute, control, exitWithStdin) = (0, 0, false, false);
        for (var index = 0; index < arguments.Length; index++)
        {
            var name = arguments[index];
            if (name == "--control") control = true;
            else if (name == "--exit-with-stdin") exitWithStdin = true;
            else
            {
                if (++index == arguments.Length) return null;
                var value = arguments[index];
                var number = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : (long?)null;
                if (name == "--data") data = value;
                else if (name == "--token") tokens.Add(value);
                else if (name == "--channel" && number is { } channel) channels.Add(channel);
                else if (name == "--port" && number is >= 0 and <= 65_535) port = (int)number;
                else if (name == "--messages-per-minute" && number is >= 0 and <= 100_000) perMinute = (int)number;
                else return null;
            }
        }

        if (data is null || tokens.Count == 0 || channels.Count == 0) return null;
        var options = new BotApiOptions { DataFolder = data, Port = port, Tokens = tokens, Channels = channels, Control = control, MessagesPerMinute = perMinute };
        return new StandInArguments(options, exitWithStdin);
    }
}
