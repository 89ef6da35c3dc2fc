namespace TgVault.Core.Waiting;

/// <summary>Who waits for a place in the engine of this machine.</summary>
interface IWorkTurns
{
    /// <summary>How many wait before this video, and since when it waits; null where it does not wait.</summary>
    (int Ahead, DateTimeOffset Since)? PlaceOf(VideoId id);
}
