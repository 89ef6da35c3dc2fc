using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Rotation;
using TgVault.Web.Http;

namespace TgVault.Web.Health;

/// <summary>
/// Tells how far the rotation of the master secret is. It is begun by the settings, never by a request: no key may do that.
/// </summary>
internal sealed class RotationRoutes(IKeyRotation rotation)
{
    // Of more than these nobody deletes each by hand.
    internal const int MostLeft = 10_000;

    public async Task<IResult> ShowRotation(HttpContext context)
    {
        var state = await rotation.FindAsync(context.RequestAborted);
        var left = await rotation.ListLeftAsync(MostLeft, context.RequestAborted);
        return VaultJson.Answer(
            new RotationView(
                state is not null && state.Stage != RotationStage.Done,
                state?.Stage,
                state?.Version,
                state?.Began,
                state?.Ended,
                state?.Videos ?? 0,
                state?.Waiting,
                left.Length,
                [.. Runs(left)]
            )
        );
    }

    static IEnumerable<MessageRunView> Runs(ImmutableArray<LeftDocument> left)
    {
        MessageRunView? run = null;
        foreach (var document in left)
        {
            if (run is not null && run.Channel == document.Chat && run.Last + 1 == document.Message)
            {
                run = run with { Last = document.Message };
                continue;
            }

            if (run is not null)
                yield return run;
            run = new MessageRunView(document.Chat, document.Message, document.Message);
        }

        if (run is not null)
            yield return run;
    }
}

/// <summary>How far the newest rotation of the master secret is.</summary>
internal sealed record RotationView(
    bool UnderWay,
    [Description("Absent where the master secret was never rotated.")] RotationStage? Stage,
    [Description("The version of the vault key that everything comes under.")] int? KeyVersion,
    DateTimeOffset? Began,
    [Description("When nothing needed the former secret any more.")] DateTimeOffset? Ended,
    [Description("Videos whose keys were wrapped anew.")] int Videos,
    [Description("What it waits for, in a sentence.")] string? Waiting,
    [Description("Documents, up to 10,000, that nothing refers to and that Telegram did not let the bot delete: a person can.")] int Left,
    [Description("Where these lie.")] ImmutableArray<MessageRunView> LeftMessages
);

/// <summary>Messages of a channel that follow one another.</summary>
internal sealed record MessageRunView(long Channel, int First, int Last);
