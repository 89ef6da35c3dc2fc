namespace TgVault.Core.Ingest.Steps;

/// <summary>
/// Buffers for whole sealed chunks, of the size asked for and kept for reuse. The shared array pool would round 16 MiB and a little up to
/// 32 MiB each; this bounds memory to chunks under way times their real size, and keeps nothing once none is under way.
/// </summary>
sealed class SealedBuffers(int kept)
{
    // Arrays of this size are collected only with the oldest generation, which may not happen for hours on a quiet machine.
    const long WorthCollectingBytes = 16 << 20;

    readonly Lock _lock = new();
    readonly List<byte[]> _free = [];
    int _rented;

    /// <summary>A buffer of at least <paramref name="lengthBytes"/>; give it back with <see cref="Return"/>.</summary>
    public byte[] Rent(int lengthBytes)
    {
        lock (_lock)
        {
            _rented++;
            var found = _free.FindIndex(buffer => buffer.Length >= lengthBytes);
            if (found >= 0)
            {
                var buffer = _free[found];
                _free.RemoveAt(found);
                return buffer;
            }

            // One that is too small would only be kept beside the new one.
            if (_free.Count > 0)
            {
                LargeGarbage.Add(_free[0].Length);
                _free.RemoveAt(0);
            }
        }

        return GC.AllocateUninitializedArray<byte>(lengthBytes);
    }

    public void Return(byte[] buffer)
    {
        long released = 0;
        lock (_lock)
        {
            if (--_rented > 0)
            {
                if (_free.Count < kept)
                    _free.Add(buffer);
                else
                    LargeGarbage.Add(buffer.Length);
                return;
            }

            released = buffer.Length + _free.Sum(free => (long)free.Length);
            _free.Clear();
        }

        if (released >= WorthCollectingBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        else
            LargeGarbage.Add(released);
    }
}
