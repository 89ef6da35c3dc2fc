using TgVault.Core.Crypto;

namespace TgVault.Core.Catalogue;

public static class VideoKeys
{
    /// <summary>Opens the data key of a video's current attempt; the caller disposes it.</summary>
    /// <exception cref="IntegrityException">The video has no key (it was erased), or its row is not the one the key was made for.</exception>
    public static DataKey UnwrapFor(this KeyRing keys, Video video) =>
        video is { Key: { } key, Chunks: { } plan }
            ? keys.Get(key.VaultKeyVersion).Unwrap(key, new KeyBinding(video.Id, video.Attempt, plan.LengthBytes, plan.ToString()))
            : throw new IntegrityException($"Video {video.Id} has no key.");
}
