namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>A stretch of inputs that one worker has. Only that worker moves it on.</summary>
internal abstract class MapChunk
{
    /// <summary>The chunk's place among all, from zero.</summary>
    public long Sequence { get; set; }

    /// <summary>Inputs in it.</summary>
    public abstract int Count { get; }

    /// <summary>Inputs of it that are done, one way or another.</summary>
    public int Done { get; set; }

    /// <summary>True if every input of it is done.</summary>
    public bool IsWhole => Done == Count;
}

/// <summary>What a worker does with chunks. One thread runs a lane at a time.</summary>
internal interface IMapLane<TChunk> : IDisposable
    where TChunk : MapChunk
{
    /// <summary>
    /// Goes on with <paramref name="chunk"/> behind what is done of it. It returns early if the pool stops. False: the lane was given up
    /// meanwhile, its chunk belongs to another one, and nothing may be touched any more.
    /// </summary>
    bool Run(TChunk chunk);

    /// <summary>Called every few milliseconds by another thread: the lane looks whether its input takes too long.</summary>
    LaneState Look(TimeSpan now);

    /// <summary>The pool stops: what is running should end. True: the lane is given up, and will not touch its chunk any more.</summary>
    bool TryGiveUp();
}

/// <summary>What a look at a lane found.</summary>
internal enum LaneState
{
    /// <summary>It works, or has nothing to do.</summary>
    Working,

    /// <summary>It was given up: its chunk goes on behind the input that took too long, in another lane.</summary>
    GivenUp,
}
