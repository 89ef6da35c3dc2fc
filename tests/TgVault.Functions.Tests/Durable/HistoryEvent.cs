namespace TgVault.Functions.Tests.Durable;

/// <summary>What happened to an instance, in order: enough to run its orchestrator again from the start.
/// Inputs and results are JSON, as in a task hub.</summary>
abstract record HistoryEvent;

/// <summary>The orchestrator was run; the time it saw.</summary>
sealed record EpisodeStarted(DateTime Time) : HistoryEvent;

/// <summary>Something the orchestrator asked for; numbered in the order of asking.</summary>
abstract record ScheduledEvent(int Id) : HistoryEvent;

sealed record ActivityScheduled(int Id, string Name, string Input) : ScheduledEvent(Id);

sealed record TimerCreated(int Id, DateTime FireAt, DateTime At) : ScheduledEvent(Id);

sealed record ActivityCompleted(int Id, string Result) : HistoryEvent;

sealed record ActivityFailed(int Id, Exception Exception) : HistoryEvent;

sealed record TimerFired(int Id) : HistoryEvent;

sealed record EventRaised(string Name, string Payload) : HistoryEvent;
