using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TgVault.Core.Library;
using TgVault.Core.Rows;
using TgVault.Core.Videos;

namespace TgVault.Core.Tickets;

/// <summary>
/// The upload tickets of a vault. Of a ticket's text only the hash is kept: 16 random bytes need no slow one. Each becomes one video at
/// most, however often and from wherever it is used. For any number of threads.
/// </summary>
public sealed class TicketBook
{
    /// <summary>The longest that a ticket may be good.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    /// <summary>How long after its end a ticket still tells what became of its file.</summary>
    public static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(7);

    const string Partition = "tickets";
    const int SecretBytes = 16;

    static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    readonly IRowTable _rows;
    readonly ILibrary _library;
    readonly TimeProvider _time;

    /// <param name="rows"><see cref="VaultTables.Vault"/>; it must exist.</param>
    /// <param name="library">Where videos are announced.</param>
    /// <param name="time">Says when a ticket ends.</param>
    internal TicketBook(IRowTable rows, ILibrary library, TimeProvider time)
    {
        _rows = rows;
        _library = library;
        _time = time;
    }

    /// <summary>Makes a ticket.</summary>
    /// <param name="wanted">What it permits; its id and end are set here.</param>
    /// <param name="lifetime">From one second to <see cref="LongestLifetime"/>.</param>
    /// <param name="cancellationToken">Stops making it.</param>
    public async Task<MadeTicket> MakeAsync(Ticket wanted, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var ticket = wanted with { Id = VideoId.New(now).ToString(), Expires = now + lifetime };
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        if (await _rows.TryInsertAsync(Write(ticket, Hash(secret)), cancellationToken) is null)
            throw new VaultException("Two tickets were given one id, which chance all but excludes: make another.");
        return new MadeTicket(ticket, $"{ticket.Id}{secret}");
    }

    /// <summary>The ticket whose text this is, also one that has ended; null where it is none. Never throws on what it is given.</summary>
    public async Task<Ticket?> FindAsync(string text, CancellationToken cancellationToken) =>
        (await FindKeptAsync(text, cancellationToken))?.Ticket;

    /// <summary>
    /// Announces the file that a ticket was given for, and gives the video. The same file again gives the same video. Null where the
    /// ticket was used for another, or its video was removed.
    /// </summary>
    /// <param name="text">The ticket's text; good at this moment.</param>
    /// <param name="video">What is to be announced; it gets the ticket's folder, tags and description.</param>
    /// <param name="cancellationToken">Stops it; asking again goes on.</param>
    public async Task<Video?> UseAsync(string text, Video video, CancellationToken cancellationToken)
    {
        while (await FindKeptAsync(text, cancellationToken) is { } kept)
        {
            var ticket = kept.Ticket;
            if (ticket.Use is null)
            {
                // Whoever writes this first has the ticket; the id stands here before there is a video of it.
                var use = new TicketUse(video.Id, video.Details.Name, video.Upload.SizeBytes, IsAnnounced: false);
                await ReplaceAsync(kept, ticket with { Use = use }, cancellationToken);
                continue;
            }

            if (ticket.Use.Name != video.Details.Name || ticket.Use.SizeBytes != video.Upload.SizeBytes)
                return null;
            if (await _library.FindAsync(ticket.Use.Video, cancellationToken) is { } there)
                return there;
            if (ticket.Use.IsAnnounced)
                return null;
            await _library.TryAddAsync(
                video with
                {
                    Id = ticket.Use.Video,
                    Details = video.Details with { Folder = ticket.Folder, Tags = ticket.Tags, Description = ticket.Description },
                },
                cancellationToken
            );
            await ReplaceAsync(kept, ticket with { Use = ticket.Use with { IsAnnounced = true } }, cancellationToken);
        }

        return null;
    }

    /// <summary>Ends a ticket; what was uploaded with it stays. False where there is none of this id.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (VideoId.TryParse(id) is null || await _rows.FindAsync(Partition, id, [], cancellationToken) is null)
            return false;
        await _rows.DeleteAsync(Partition, id, cancellationToken);
        return true;
    }

    /// <summary>Forgets tickets that ended <see cref="KeptAfterEnd"/> ago.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow() - KeptAfterEnd;
        await foreach (var row in _rows.ListAsync(RowRange.Of(Partition), RowLimits.MostPageRows, ["Expires"], cancellationToken))
        {
            if (row.Time("Expires") is { } end && end < before)
                await _rows.DeleteAsync(Partition, row.Key, cancellationToken);
        }
    }

    async Task<KeptTicket?> FindKeptAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length != VideoId.TextLength + SecretLength || VideoId.TryParse(text[..VideoId.TextLength]) is not { } id)
            return null;
        var row = await _rows.FindAsync(Partition, id.ToString(), null, cancellationToken);
        // Hashes have one length, so the comparison tells nothing of the text.
        return row?.Bytes("Hash") is { } hash && CryptographicOperations.FixedTimeEquals(Hash(text[VideoId.TextLength..]), hash)
            ? new KeptTicket(Read(row), hash, row.Version)
            : null;
    }

    // Where somebody else was first, the next look sees what he wrote.
    Task<string?> ReplaceAsync(KeptTicket kept, Ticket changed, CancellationToken cancellationToken) =>
        _rows.TryReplaceAsync(Write(changed, kept.Hash), kept.Version, cancellationToken);

    static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    static Row Write(Ticket ticket, byte[] hash) =>
        new(Partition, ticket.Id)
        {
            ["Hash"] = hash,
            ["Expires"] = ticket.Expires,
            ["MostBytes"] = ticket.MostBytes,
            ["Types"] = JsonSerializer.Serialize(ticket.Types),
            ["Folder"] = ticket.Folder,
            ["Tags"] = JsonSerializer.Serialize(ticket.Tags),
            ["Description"] = ticket.Description,
            ["Video"] = ticket.Use?.Video.ToString(),
            ["Name"] = ticket.Use?.Name,
            ["SizeBytes"] = ticket.Use?.SizeBytes,
            ["IsAnnounced"] = ticket.Use?.IsAnnounced,
        };

    static Ticket Read(Row row) =>
        new(row.Key, row.Time("Expires") ?? default, row.Int64("MostBytes") ?? 0)
        {
            Types = Texts(row, "Types"),
            Folder = row.Text("Folder") ?? "",
            Tags = Texts(row, "Tags"),
            Description = row.Text("Description") ?? "",
            Use = VideoId.TryParse(row.Text("Video")) is { } video
                ? new TicketUse(video, row.Text("Name") ?? "", row.Int64("SizeBytes") ?? 0, row.Boolean("IsAnnounced") ?? false)
                : null,
        };

    static ImmutableArray<string> Texts(Row row, string name) =>
        row.Text(name) is { } json ? JsonSerializer.Deserialize<ImmutableArray<string>>(json) : [];

    sealed record KeptTicket(Ticket Ticket, byte[] Hash, string Version);
}
