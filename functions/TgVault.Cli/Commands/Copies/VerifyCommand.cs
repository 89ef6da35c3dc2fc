using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TgVault.Cli.Terminal;
using TgVault.Core.Replicas.Copies;

namespace TgVault.Cli.Commands.Copies;

/// <summary>
/// <c>tgvault verify [ID] [--share N/T]</c>: reads every copy of every chunk past every cache, and opens it. What is lost is made anew from
/// what is good. Its exit code tells damage from what could not be looked at.
/// </summary>
static class VerifyCommand
{
    public static Command Create()
    {
        var id = StoredVideos.Argument();
        var share = new Option<string?>("--share")
        {
            Description = $"Only one part of all chunks, such as 1/7: the first of seven; at most {ChunkShare.Most} parts.",
            HelpName = "N/T",
        };
        share.Validators.Add(Check);
        var look = new Option<bool>("--look-only") { Description = "Mend nothing." };
        var command = new Command("verify", "Read every copy of every chunk, open it, and mend what is lost.") { id, share, look };
        var options = new VaultOptions(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var vault = options.Connect(parsed);
                var part = Parse(parsed.GetValue(share));
                var run = new CopyRun(vault, new CopyWish(Whole: true, parsed.GetValue(look), part?.Part, part?.Of));
                if (parsed.GetValue(id) is null && (part is null || part.Value.Part == 1))
                    await run.LookAtCatalogueAsync(cancellationToken);
                var totals = await run.RunAsync(StoredVideos.FindAsync(vault, parsed.GetValue(id), cancellationToken), cancellationToken);
                CopyLines.Print(totals);
                return totals.HasDamage ? ExitCodes.Damage
                    : totals.IsUnchecked ? ExitCodes.Unchecked
                    : ExitCodes.Done;
            }
        );
        return command;
    }

    static void Check(OptionResult result)
    {
        if (result.Tokens is [var token] && Parse(token.Value) is null)
            result.AddError($"--share is two numbers such as 1/7, the first no more than the second, at most {ChunkShare.Most}.");
    }

    static ChunkShare? Parse(string? text) =>
        text?.Split('/') is [var part, var of]
        && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
        && one >= 1
        && one <= all
        && all <= ChunkShare.Most
            ? new ChunkShare(one, all)
            : null;
}
