using System.Collections.Immutable;
using System.ComponentModel;
using TgVault.Core.Replicas;
using TgVault.Web.Lists;

namespace TgVault.Web.Health;

/// <summary>How the vault is. What takes long to find is absent until it was found once.</summary>
internal sealed record VaultStatusView(
    int? Videos,
    ImmutableArray<StatusCountView>? Statuses,
    [Description("Of all files that are stored in Telegram, before they are sealed.")] long? StoredBytes,
    [Description("On the disk of the vault's folder; absent where it keeps nothing in one.")] long? FreeBytes,
    QueueView Queue,
    TelegramView Telegram,
    [Description("What of the channel's library this vault does not have yet, in a sentence; absent where it has all of it.")]
        string? Unrecovered,
    [Description("Where else everything is kept; absent where nowhere.")] ImmutableArray<ReplicaView>? Replicas,
    [Description("The nightly looks at every copy; absent where there are none.")] ChecksView? Checks,
    [Description(
        "Documents in channels that nothing refers to any more and that are too old for Telegram to delete, up to 10,000: sealed as they "
            + "are. `GET /api/rotation` lists them. Delete them in the channel by hand, as its owner."
    )]
        int LeftDocuments
);

/// <summary>What is being stored.</summary>
internal sealed record QueueView(
    [Description("Videos that are being stored, up to 1,000.")] int Videos,
    [Description("Bytes of them that are still to be sent.")] long BytesLeft,
    double? BytesPerSecond,
    [Description("Seconds until all of it is stored at this rate; absent before anything was sent.")] double? EtaSeconds
);

/// <summary>One place besides the channels that holds the same documents.</summary>
internal sealed record ReplicaView(
    [Description("What sort of place it is.")] ReplicaKind Kind,
    [Description("The path of its folder, the address of its container, or its channel.")] string Place,
    [Description("Videos that are whole in it.")] int Videos,
    [Description("Videos that lack something in it, as of the last look.")] int Waiting,
    [Description("When copies in it were last read as a whole and opened, some of them or all; absent: never.")] DateTimeOffset? Verified,
    [Description("Why it could not be used, and what to do.")] string? Problem
);

/// <summary>The looks at every copy, a share each night.</summary>
internal sealed record ChecksView(
    [Description("How many shares there are.")] int Shares,
    [Description("How many were looked at, each as a whole.")] int Done,
    [Description("When the last one was.")] DateTimeOffset? Last,
    [Description("Copies that were found lost when their shares were looked at last.")] long Lost,
    [Description("How many of them were made anew.")] long Mended,
    [Description("Copies that could not be looked at.")] long Unchecked
);

/// <summary>How the vault stands with Telegram.</summary>
internal sealed record TelegramView(
    [Description("When Telegram was asked last; at most once a minute, and only when somebody asks for the status.")]
        DateTimeOffset? Checked,
    [Description("What is wrong with bots and channels, each in a sentence that says what to do.")] ImmutableArray<string>? Problems,
    ImmutableArray<LaneView> Lanes
);

/// <summary>One bot in one channel.</summary>
internal sealed record LaneView(
    [Description("The bot's id.")] string Bot,
    long Channel,
    [Description("How long Telegram has asked it to wait from now on.")] double PausedSeconds
);
