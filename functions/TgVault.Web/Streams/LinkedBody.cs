using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Playback.Budget;
using TgVault.Core.Streams;
using TgVault.Web.Http;

namespace TgVault.Web.Streams;

/// <summary>
/// What is given out by a link: ends with an exception soon after that is revoked, however long the answer is, and counts to its credit.
/// Does not own the stream below.
/// </summary>
internal sealed class LinkedBody : ReadOnlyStream
{
    // With what is remembered of links and of rows, well below a minute.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly Stream _inner;
    readonly VideoLink _link;
    readonly LinkChecks _checks;
    readonly TimeProvider _time;
    readonly LinkAllowance? _allowance = LinkAllowance.Current;
    readonly double _cost;
    long _checked;

    LinkedBody(Stream inner, VideoLink link, LinkChecks checks, TimeProvider time, double cost)
    {
        (_inner, _link, _checks, _time, _cost) = (inner, link, checks, time, cost);
        _checked = time.GetTimestamp();
    }

    /// <summary>The stream, held to the link that the gate checked; itself where there is none.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="inner">What is given out.</param>
    /// <param name="cost">How many bytes have to be fetched for each, where that follows from how the vault cut it; 1 or more.</param>
    public static Stream Of(HttpContext context, Stream inner, double cost = 1) =>
        context.Features.Get<VideoLink>() is { } link
            ? new LinkedBody(
                inner,
                link,
                context.RequestServices.GetRequiredService<LinkChecks>(),
                context.RequestServices.GetRequiredService<TimeProvider>(),
                cost
            )
            : inner;

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => _inner.CanSeek;

    public override long Length => _inner.Length;

    public override long Position
    {
        get => _inner.Position;
        set => _inner.Position = value;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_time.GetElapsedTime(_checked) >= Interval)
            return CheckAndReadAsync(buffer, cancellationToken);
        var reading = _inner.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<int>(Count(reading.Result)) : CountAsync(reading);
    }

    async ValueTask<int> CheckAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await _checks.IsGoodAsync(_link, cancellationToken))
            throw new VaultException($"A link to video {_link.Video} was revoked while it was played.");
        _checked = _time.GetTimestamp();
        return Count(await _inner.ReadAsync(buffer, cancellationToken));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    async ValueTask<int> CountAsync(ValueTask<int> reading) => Count(await reading);

    int Count(int bytes)
    {
        if (bytes > 0)
            _allowance?.Serve(bytes, _cost);
        return bytes;
    }
}
