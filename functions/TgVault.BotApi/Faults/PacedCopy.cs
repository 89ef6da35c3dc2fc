using System.Diagnostics;

namespace TgVault.BotApi.Faults;

/// <summary>Keeps one transfer at so many bytes a second by waiting after each piece; 0 = as fast as it goes.</summary>
sealed class PacedCopy(long bytesPerSecond)
{
    readonly long _started = Stopwatch.GetTimestamp();
    long _done;

    /// <summary>How much to move at once: small where the pace is slow, so that it is even.</summary>
    public int PieceBytes => bytesPerSecond == 0 ? 1 << 16 : (int)Math.Clamp(bytesPerSecond / 20, 1, 1 << 16);

    public async ValueTask MovedAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0) return;
        _done += bytes;
        var ahead = TimeSpan.FromSeconds((double)_done / bytesPerSecond) - Stopwatch.GetElapsedTime(_started);
        if (ahead > TimeSpan.Zero) await Task.Delay(ahead, cancellationToken);
    }
}
