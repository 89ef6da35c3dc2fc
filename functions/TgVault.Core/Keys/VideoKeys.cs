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

    /// <summary>A new data key for one file that is cut so; nobody has it in clear when this returns.</summary>
    public static WrappedKey NewDataKey(this KeyRing keys, VideoId video, int attempt, ChunkPlan plan)
    {
        using var dataKey = DataKey.Generate();
        return keys.Current.Wrap(dataKey, new KeyBinding(video, attempt, plan.LengthBytes, plan.ToString()));
    }
}
