using TgVault.Core.Chunks;
using TgVault.Core.Crypto;
using TgVault.Core.Videos;

namespace TgVault.Core.Keys;

static class VideoKeys
{
    /// <summary>Opens the data key of one file of a video; the caller disposes it.</summary>
    /// <exception cref="IntegrityException">The row is not the one the key was made for.</exception>
    public static DataKey UnwrapFor(this KeyRing keys, StoredFile file) =>
        keys.Get(file.Key.VaultKeyVersion).Unwrap(file.Key, file.Binding);

    /// <summary>Whether a key of the video, of whichever file of it, is wrapped under a former version of the vault key.</summary>
    public static bool IsBehind(this KeyRing keys, Video video) =>
        video
            .Files.Companions.Select(companion => companion.Key)
            .Append(video.Files.Key)
            .Any(key => key is not null && key.VaultKeyVersion < keys.Current.Version);

    /// <summary>The video with all its keys wrapped under the newest version; nobody has them in clear when this returns.</summary>
    /// <exception cref="IntegrityException">A key does not open: the row is not the one it was made for.</exception>
    public static Video WrapAnew(this KeyRing keys, Video video)
    {
        return video with
        {
            Files = video.Files with
            {
                Key = Wrapped(video.Files.Key, video.Files.Plan),
                Companions =
                [
                    .. video.Files.Companions.Select(companion => companion with { Key = Wrapped(companion.Key, companion.Plan) }),
                ],
            },
        };

        WrappedKey? Wrapped(WrappedKey? key, ChunkPlan? plan) =>
            key is null || plan is null
                ? key
                : keys.WrapAnew(key, new KeyBinding(video.Id, video.Life.Attempt, plan.LengthBytes, plan.ToString()));
    }

    /// <summary>A new data key for one file that is cut so; nobody has it in clear when this returns.</summary>
    public static WrappedKey NewDataKey(this KeyRing keys, VideoId video, int attempt, ChunkPlan plan)
    {
        using var dataKey = DataKey.Generate();
        return keys.Current.Wrap(dataKey, new KeyBinding(video, attempt, plan.LengthBytes, plan.ToString()));
    }
}
