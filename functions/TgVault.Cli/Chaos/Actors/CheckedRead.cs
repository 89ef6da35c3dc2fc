using System.Net.Http.Headers;
using TgVault.Cli.Chaos.Model;

namespace TgVault.Cli.Chaos.Actors;

/// <summary>How a read ended.</summary>
enum ReadEnd
{
    /// <summary>All that was promised came, and each byte is right.</summary>
    Whole,

    /// <summary>What came is right, and then the connection was cut; or nobody answered.</summary>
    Cut,

    /// <summary>The vault said no; the status says how.</summary>
    Refused,

    /// <summary>A wrong byte, or a wrong promise.</summary>
    Wrong,
}

/// <param name="Status">Of the answer; 0 where none came.</param>
/// <param name="NextByte">Behind the last byte that came.</param>
readonly record struct ReadResult(ReadEnd End, int Status, long NextByte);

/// <summary>What is read and what it has to be.</summary>
/// <param name="Label">For a message.</param>
/// <param name="Path">The address below the vault's.</param>
/// <param name="LengthBytes">Of the whole.</param>
/// <param name="Expect">Gives the right bytes from an offset on.</param>
sealed record ReadTarget(string Label, string Path, long LengthBytes, ReadTarget.Reading Expect)
{
    public delegate void Reading(long offset, Span<byte> destination);

    public static ReadTarget Of(Film film, string path) =>
        new($"{film.FirstName} ({film.Id})", path, film.Source.StoredBytes, film.Source.ReadStored);

    public static ReadTarget Of(Film film, string path, byte[] bytes) =>
        new(
            $"{VaultCalls.PathOf(path).Split('/', 3)[^1]} of {film.FirstName} ({film.Id})",
            path,
            bytes.Length,
            (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination)
        );
}

/// <summary>Reads of the vault in which every byte is compared as it comes.</summary>
sealed class CheckedRead(VaultCalls calls, Tally tally)
{
    const int PieceBytes = 64 << 10;

    // Longer than an answer is held; a client that leaves earlier is as good.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);

    /// <param name="target">What is read.</param>
    /// <param name="range">Null: all of it.</param>
    /// <param name="betweenPieces">How slow the reader is.</param>
    /// <param name="leaveAfter">After so many bytes the reader leaves; null: never.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<ReadResult> RunAsync(
        ReadTarget target,
        RangeHeaderValue? range,
        TimeSpan betweenPieces,
        long? leaveAfter,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        var (status, at) = (0, 0L);
        try
        {
            // A link is a permission by itself.
            var withKey = target.Path.StartsWith("api/", StringComparison.Ordinal);
            using var response = await calls.OpenAsync(target.Path, withKey, range, limit.Token);
            status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode)
            {
                if (status == 500)
                    tally.Break(Invariant.Answers, $"{target.Label} answered 500");
                return new ReadResult(ReadEnd.Refused, status, 0);
            }

            if (FirstByte(response, target, range) is not { } first)
                return new ReadResult(ReadEnd.Wrong, status, 0);
            at = first;
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            var (came, right) = (new byte[PieceBytes], new byte[PieceBytes]);
            while (await body.ReadAsync(came, limit.Token) is > 0 and var count)
            {
                if (!IsRight(target, at, came.AsSpan(0, count), right))
                    return new ReadResult(ReadEnd.Wrong, status, at);
                at += count;
                if (at - first >= leaveAfter)
                    return new ReadResult(ReadEnd.Cut, status, at);
                if (betweenPieces > TimeSpan.Zero)
                    await Task.Delay(betweenPieces, limit.Token);
            }

            return new ReadResult(ReadEnd.Whole, status, at);
        }
        catch (Exception exception) when (VaultCalls.IsLost(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new ReadResult(ReadEnd.Cut, status, at);
        }
    }

    /// <summary>Where the body begins; null where the answer promises what cannot be.</summary>
    long? FirstByte(HttpResponseMessage response, ReadTarget target, RangeHeaderValue? range)
    {
        var (headers, part) = (response.Content.Headers, response.Content.Headers.ContentRange);
        var asked = range?.Ranges.Single();
        var first = part?.From ?? 0;
        var wanted = asked is null ? 0 : asked.From ?? Math.Max(0, target.LengthBytes - asked.To!.Value);
        var isRight =
            (part?.Length ?? headers.ContentLength) == target.LengthBytes
            && (part is null ? (int)response.StatusCode == 200 : first == wanted)
            && headers.ContentLength == (part is null ? target.LengthBytes : part.To - part.From + 1);
        return tally.Check(
            Invariant.Bytes,
            isRight,
            () => $"{target.Label}, asked for {range}, promises {part} of {headers.ContentLength} bytes, and it has {target.LengthBytes}"
        )
            ? first
            : null;
    }

    bool IsRight(ReadTarget target, long offset, ReadOnlySpan<byte> came, byte[] right)
    {
        tally.Count("bytes", "compared", came.Length);
        if (offset + came.Length > target.LengthBytes)
        {
            tally.Break(Invariant.Bytes, $"{target.Label} has more than its {target.LengthBytes} bytes");
            return false;
        }

        target.Expect(offset, right.AsSpan(0, came.Length));
        var (same, length) = (came.CommonPrefixLength(right.AsSpan(0, came.Length)), came.Length);
        return tally.Check(Invariant.Bytes, same == length, () => $"byte {offset + same} of {target.Label} is wrong");
    }
}
