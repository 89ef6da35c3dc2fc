using TgVault.Core.Playback.Budget;
using TgVault.Core.Playback.Spans;

namespace TgVault.Core.Playback.Open;

/// <summary>A file as one stream reads it by a link: what is fetched because of the stream is taken from the link's allowance.</summary>
internal sealed class PaidSource(PlayableFile file, LinkAllowance allowance) : ISpanSource
{
    int _prepaid;

    /// <summary>Whether the stream may fetch: it was asked once, and is not again in the middle of what it sends.</summary>
    public bool IsAdmitted { get; private set; }

    public bool IsSpent => allowance.IsSpent;

    public BlockKey KeyOf(PlaySpan span) => file.KeyOf(span);

    public void Acquire() => file.Acquire();

    public void Release() => file.Release();

    public Task FillAsync(PlaySpan span, Memory<byte> buffer, CancellationToken cancellationToken) =>
        file.FillAsync(
            span,
            buffer,
            bot => allowance.Fetch(bot, span.SealedBytes, Interlocked.Exchange(ref _prepaid, 0)),
            cancellationToken
        );

    /// <inheritdoc cref="LinkAllowance.AdmitAsync"/>
    public async ValueTask AdmitAsync(CancellationToken cancellationToken)
    {
        await allowance.AdmitAsync(cancellationToken);
        Volatile.Write(ref _prepaid, LinkAllowance.LeastFetch);
        IsAdmitted = true;
    }

    public void AdmitUnasked() => IsAdmitted = true;

    /// <summary>Gives back what was taken for a fetch that was not needed.</summary>
    public void Leave() => allowance.GiveBack(Interlocked.Exchange(ref _prepaid, 0));
}
