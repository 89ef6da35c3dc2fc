using TgVault.Core.Crypto;

namespace TgVault.Core.Tests.Crypto;

public sealed class MasterKeyTests
{
    const string Secret = "a master secret for tests, not a real one";

    static readonly VaultKeyCost Cheap = new(64, 1);

    [Fact]
    public void The_stored_parameters_give_the_same_key_again()
    {
        using var made = MasterKey.Make(Secret, 4, Cheap);
        using var derived = MasterKey.Derive(Secret, made.Parameters!);

        Assert.Equal(made.Bytes.ToArray(), derived.Bytes.ToArray());
        Assert.Equal(4, derived.Version);
    }

    [Fact]
    public void Each_version_made_has_its_own_salt_and_key()
    {
        using var one = MasterKey.Make(Secret, 1, Cheap);
        using var two = MasterKey.Make(Secret, 1, Cheap);

        Assert.NotEqual(one.Parameters!.Salt.ToArray(), two.Parameters!.Salt.ToArray());
        Assert.NotEqual(one.Bytes.ToArray(), two.Bytes.ToArray());
    }

    [Fact]
    public void Another_master_secret_is_told_plainly()
    {
        using var made = MasterKey.Make(Secret, 1, Cheap);

        var exception = Assert.Throws<VaultException>(() => MasterKey.Derive(Secret + "!", made.Parameters!));

        Assert.Contains("not the one this vault was made with", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64 * 1024, 2)]
    [InlineData(32 * 1024, 3)]
    public void Weakened_parameters_are_refused(int memoryKiB, int passes)
    {
        using var made = MasterKey.Make(Secret, 1, VaultKeyCost.Default);

        Assert.Throws<VaultException>(() => MasterKey.Derive(Secret, made.Parameters! with { MemoryKiB = memoryKiB, Passes = passes }));
    }

    public static TheoryData<int, int, int, int, int> OutOfRange { get; } =
        new()
        {
            { 0, 16, 64, 1, 16 },
            { 1, 15, 64, 1, 16 },
            { 1, 17, 64, 1, 16 },
            { 1, 16, 7, 1, 16 },
            { 1, 16, (1 << 20) + 1, 1, 16 },
            { 1, 16, int.MaxValue, 1, 16 },
            { 1, 16, -1, 1, 16 },
            { 1, 16, 64, 0, 16 },
            { 1, 16, 64, 101, 16 },
            { 1, 16, 1 << 20, 9, 16 },
            { 1, 16, 64, 1, 0 },
        };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Stored_parameters_out_of_range_are_refused_before_anything_is_computed(
        int version,
        int saltBytes,
        int memoryKiB,
        int passes,
        int checkBytes
    )
    {
        var parameters = new VaultKeyParameters(version, new byte[saltBytes], memoryKiB, passes, new byte[checkBytes]);

        Assert.Throws<IntegrityException>(() => MasterKey.Derive(Secret, parameters));
    }
}
