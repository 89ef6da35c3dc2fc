namespace TgVault.Core.Mp4.Movie;

/// <summary>One frame of video or packet of audio.</summary>
/// <param name="Offset">Where it lies in the source, in bytes.</param>
/// <param name="SizeBytes">May be 0.</param>
/// <param name="Duration">How long until the next one is decoded, in ticks of its track.</param>
/// <param name="CompositionOffset">How much later than decoded it is shown, in ticks.</param>
/// <param name="IsSync">Whether decoding can begin here.</param>
readonly record struct Sample(long Offset, int SizeBytes, uint Duration, int CompositionOffset, bool IsSync);
