using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TgVault.Core;
using TgVault.Core.Links;
using TgVault.Core.Streams;
using TgVault.Web.Http;

namespace TgVault.Web.Streams;

/// <summary>
/// What is given out by a link: ends with an exception soon after that is revoked, however long the answer is. Does not own the stream
/// below.
/// </summary>
internal sealed class LinkedBody : ReadOnlyStream
{
    // With what is remembered of links and of rows, well below a minute.
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly Stream _inner;
    readonly VideoLink _link;
    readonly LinkChecks _checks;
    readonly TimeProvider _time;
    long _checked;

    LinkedBody(Stream inner, VideoLink link, LinkChecks checks, TimeProvider time)
    {
        (_inner, _link, _checks, _time) = (inner, link, checks, time);
        _checked = time.GetTimestamp();
    }

    /// <summary>The stream, held to the link that the gate checked; itself where there is none.</summary>
    public static Stream Of(HttpContext context, Stream inner) =>
        context.Features.Get<VideoLink>() is { } link
            ? new LinkedBody(
                inner,
                link,
                context.RequestServices.GetRequiredService<LinkChecks>(),
                context.RequestServices.GetRequiredService<TimeProvider>()
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

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _time.GetElapsedTime(_checked) < Interval
            ? _inner.ReadAsync(buffer, cancellationToken)
            : CheckAndReadAsync(buffer, cancellationToken);

    async ValueTask<int> CheckAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await _checks.IsGoodAsync(_link, cancellationToken))
            throw new VaultException($"A link to video {_link.Video} was revoked while it was played.");
        _checked = _time.GetTimestamp();
        return await _inner.ReadAsync(buffer, cancellationToken);
    }
}
