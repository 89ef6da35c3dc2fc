using TgVault.Core.Crypto;
using TgVault.Core.Keys;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Testing;

namespace TgVault.Core.Tests.Keys;

public abstract class KeyRingTableTests
{
    const string Secret = "a master secret for tests, not a real one";

    static readonly VaultKeyCost Cheap = new(64, 1);

    static readonly Func<CancellationToken, Task<VaultKeyParameters?>> NothingPinned = _ => Task.FromResult<VaultKeyParameters?>(null);

    [Fact(Timeout = 30_000)]
    public async Task A_first_run_makes_version_1_and_later_runs_derive_the_same_key()
    {
        var table = NewTable();

        using var first = await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), NothingPinned, CancellationToken.None);
        using var second = await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), NothingPinned, CancellationToken.None);

        Assert.Equal(1, first.Current.Version);
        Assert.Equal(first.Current.Derive("test", 32), second.Current.Derive("test", 32));
        Assert.Equal((64 * 1024, 3), (second.Current.Parameters!.MemoryKiB, second.Current.Parameters.Passes));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm")]
    [InlineData("password password password password password")]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyz")]
    [InlineData("123123123123123123123123123123123123")]
    [InlineData("9vXo2mKp7QwLr4Tz")]
    public async Task A_weak_master_secret_makes_no_vault_and_opens_one_that_was_made_with_it(string secret)
    {
        var table = NewTable();

        var refused = await Assert.ThrowsAsync<VaultException>(() =>
            KeyRingTable.OpenAsync(table, new MasterSecrets(secret), Cheap, NothingPinned, CancellationToken.None)
        );
        Assert.Contains("openssl rand", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.Message, StringComparison.Ordinal);

        using var made = MasterKey.Make(secret, 1, Cheap);
        await table.TryInsertAsync(
            new Row("keys", "000001")
            {
                ["Salt"] = made.Parameters!.Salt.ToArray(),
                ["MemoryKiB"] = made.Parameters.MemoryKiB,
                ["Passes"] = made.Parameters.Passes,
                ["Check"] = made.Parameters.Check.ToArray(),
            },
            CancellationToken.None
        );
        using var ring = await KeyRingTable.OpenAsync(table, new MasterSecrets(secret), Cheap, NothingPinned, CancellationToken.None);
        Assert.Equal(made.Derive("test", 32), ring.Current.Derive("test", 32));
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_secret_makes_the_next_version_once_and_needs_the_former_until_that_is_retired()
    {
        const string newer = "the master secret that comes after that one";
        var table = NewTable();
        var both = new MasterSecrets(newer, Secret);
        (await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None)).Dispose();

        var rings = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => KeyRingTable.OpenAsync(table, both, Cheap, NothingPinned, CancellationToken.None))
        );
        var alone = await Assert.ThrowsAsync<VaultException>(() =>
            KeyRingTable.OpenAsync(table, new MasterSecrets(newer), Cheap, NothingPinned, CancellationToken.None)
        );
        await KeyRingTable.RetireAsync(table, 1, DateTimeOffset.UnixEpoch, CancellationToken.None);
        await KeyRingTable.RetireAsync(table, 1, DateTimeOffset.UnixEpoch.AddDays(1), CancellationToken.None);
        using var after = await KeyRingTable.OpenAsync(table, new MasterSecrets(newer), Cheap, NothingPinned, CancellationToken.None);

        Assert.All(rings, ring => Assert.Equal(2, ring.Current.Version));
        Assert.All(rings, ring => Assert.Equal([1], ring.Former));
        Assert.Single(rings.Select(ring => Convert.ToHexString(ring.Current.Derive("test", 32))).Distinct());
        Assert.Contains("TgVault:FormerMasterSecret", alone.Message, StringComparison.Ordinal);
        Assert.Equal((2, null), (after.Current.Version, after.Find(1)));
        foreach (var ring in rings)
            ring.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_rotation_that_is_turned_back_goes_on_to_another_version_and_a_weak_secret_begins_none()
    {
        const string newer = "the master secret that comes after that one";
        var table = NewTable();
        var weak = new MasterSecrets("123123123123123123123123123123123123", Secret);
        (await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None)).Dispose();

        var refused = await Assert.ThrowsAsync<VaultException>(() =>
            KeyRingTable.OpenAsync(table, weak, Cheap, NothingPinned, CancellationToken.None)
        );
        (await KeyRingTable.OpenAsync(table, new MasterSecrets(newer, Secret), Cheap, NothingPinned, CancellationToken.None)).Dispose();
        using var back = await KeyRingTable.OpenAsync(
            table,
            new MasterSecrets(Secret, newer),
            Cheap,
            NothingPinned,
            CancellationToken.None
        );

        Assert.Equal(3, back.Current.Version);
        Assert.Equal([1, 2], back.Former);
        Assert.Contains("too easy to guess", refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true, 5)]
    [InlineData(false, 6)]
    public async Task A_version_that_the_channel_names_is_not_made_again(bool isOfTheNewest, int version)
    {
        const string newer = "the master secret that comes after that one";
        var table = NewTable();
        (await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None)).Dispose();
        using var pinned = MasterKey.Make(isOfTheNewest ? newer : "a secret of somebody else, long enough too", 5, Cheap);

        using var ring = await KeyRingTable.OpenAsync(
            table,
            new MasterSecrets(newer, Secret),
            Cheap,
            _ => Task.FromResult(pinned.Parameters),
            CancellationToken.None
        );

        Assert.Equal(version, ring.Current.Version);
        Assert.Equal(isOfTheNewest, ring.Current.Derive("test", 32).AsSpan().SequenceEqual(pinned.Derive("test", 32)));
    }

    [Theory]
    [InlineData("a master secret for tests, long enough")]
    [InlineData("correct horse battery staple, again and again")]
    [InlineData("0d69bdb0800f1abce407366c73afebfcb8a56b4886e4e4727b80967c661f2270")]
    [InlineData("9vXo2mKp7QwLr4TzB8nYc1HdJf6GsAeU")]
    public void One_that_may_be_good_is_taken(string secret) => Assert.False(MasterSecretStrength.IsWeak(secret));

    [Fact(Timeout = 30_000)]
    public async Task Instances_that_start_at_once_end_with_one_key()
    {
        var table = NewTable();

        var rings = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None))
        );

        Assert.Single(rings.Select(ring => Convert.ToHexString(ring.Current.Derive("test", 32))).Distinct());
        foreach (var ring in rings)
            ring.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_master_secret_is_told_plainly_and_changes_nothing()
    {
        var table = NewTable();
        using var made = await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None);

        var exception = await Assert.ThrowsAsync<VaultException>(() =>
            KeyRingTable.OpenAsync(table, new MasterSecrets("another one"), Cheap, NothingPinned, CancellationToken.None)
        );
        using var again = await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None);

        Assert.Contains("not the one this vault was made with", exception.Message, StringComparison.Ordinal);
        Assert.Equal(made.Current.Derive("test", 32), again.Current.Derive("test", 32));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_row_that_asks_for_the_whole_machine_is_refused()
    {
        var table = NewTable();
        (await KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), Cheap, NothingPinned, CancellationToken.None)).Dispose();
        var row = (await table.FindAsync("keys", "000001", null, CancellationToken.None))!;
        row["MemoryKiB"] = int.MaxValue;
        await table.PutAsync(row, CancellationToken.None);

        await Assert.ThrowsAsync<IntegrityException>(() =>
            KeyRingTable.OpenAsync(table, new MasterSecrets(Secret), NothingPinned, CancellationToken.None)
        );
    }

    private protected abstract IRowStore NewStore();

    IRowTable NewTable() => NewStore().Table(VaultTables.Vault);
}

[Collection(AzuriteCollection.Name)]
public sealed class KeyRingInTablesTests(AzuriteFixture azurite) : KeyRingTableTests
{
    private protected override IRowStore NewStore() => TableRowsTests.StoreIn(azurite);
}

public sealed class KeyRingInSqliteTests : KeyRingTableTests, IDisposable
{
    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override IRowStore NewStore() => _folder.Open();
}
