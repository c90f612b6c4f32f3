using OrleansClean.Silo;

return await SiloProgram.RunAsync(args);
