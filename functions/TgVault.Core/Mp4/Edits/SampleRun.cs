using TgVault.Core.Mp4.Movie;

namespace TgVault.Core.Mp4.Edits;

/// <summary>One track's samples that are indexed, one after the other.</summary>
abstract class SampleRun
{
    public abstract bool AtEnd { get; }

    /// <summary>Where the next sample lies; meaningless at the end.</summary>
    public abstract long Offset { get; }

    public abstract Sample Read();

    /// <summary>As its tables have them, up to a number; the last one with a duration of its own.</summary>
    public static SampleRun Of(SampleReader reader, uint end, uint lastDuration) => new Tabled(reader, end, lastDuration);

    public static SampleRun Of(IReadOnlyList<Sample> samples) => new Listed(samples);

    sealed class Tabled(SampleReader reader, uint end, uint lastDuration) : SampleRun
    {
        public override bool AtEnd => reader.Next >= end;

        public override long Offset => reader.Offset;

        public override Sample Read()
        {
            var sample = reader.Read();
            return AtEnd ? sample with { Duration = lastDuration } : sample;
        }
    }

    sealed class Listed(IReadOnlyList<Sample> samples) : SampleRun
    {
        int _next;

        public override bool AtEnd => _next == samples.Count;

        public override long Offset => samples[_next].Offset;

        public override Sample Read() => samples[_next++];
    }
}
