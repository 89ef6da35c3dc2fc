namespace TgVault.Core.Recovery;

/// <summary>Counts what a recovery did, from several threads.</summary>
sealed class RecoveryTally(long videos, Action<RecoveryProgress> tell)
{
    const int MostNamed = 1000;

    readonly Lock _lock = new();
    readonly List<RecoveryFailure> _failures = [];
    long _opened;
    long _there;
    long _files;
    long _chunks;
    long _bytes;
    long _read;
    long _failed;

    public void Add(RecoveredVideo video)
    {
        lock (_lock)
        {
            (_opened, _there) = video.WasOpened ? (_opened + 1, _there) : (_opened, _there + 1);
            _files += video.Files;
            _chunks += video.Chunks;
            _bytes += video.Bytes;
            _read += video.Read;
            Tell();
        }
    }

    public void Add(RecoveryFailure failure)
    {
        lock (_lock)
        {
            _failed++;
            if (_failures.Count < MostNamed)
                _failures.Add(failure);
            Tell();
        }
    }

    public RecoveryReport Report(long lostChanges, string? lostReason)
    {
        lock (_lock)
        {
            return new RecoveryReport
            {
                Videos = videos,
                Opened = _opened,
                There = _there,
                Files = _files,
                Chunks = _chunks,
                Bytes = _bytes,
                Read = _read,
                LostChanges = lostChanges,
                LostReason = lostReason,
                Failures = [.. _failures],
                Failed = _failed,
            };
        }
    }

    void Tell() => tell(new RecoveryProgress(_opened + _there + _failed, videos, _chunks, _bytes, _failed));
}
