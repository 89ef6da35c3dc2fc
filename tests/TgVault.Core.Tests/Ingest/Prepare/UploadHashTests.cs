using System.Security.Cryptography;
using TgVault.Core.Ingest.Prepare;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Ingest.Prepare;

public sealed class UploadHashTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(1, 0)]
    [InlineData(1000, 1000)]
    [InlineData(1000, 999)]
    [InlineData((4 << 20) + 1, 0)]
    [InlineData((8 << 20) + 1, 4 << 20)]
    public async Task What_was_taken_along_and_what_is_read_make_the_hash_of_the_whole(int length, int taken)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var staging = new MemoryStaging(TimeProvider.System);
        var upload = staging.Put(StagingArea.Uploads, "upload", content);
        using var hash = new UploadHash();
        hash.Append(content.AsSpan(0, taken));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), await hash.FinishAsync(staging, upload, CancellationToken.None));
    }
}
