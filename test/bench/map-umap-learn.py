# umap-learn beside map-runner.ts: <n> <d> <file of vectors> <file for positions>; compiled before the clock starts.
import json, resource, sys, time
import numpy
import umap

n, d = int(sys.argv[1]), int(sys.argv[2])
vectors = numpy.fromfile(sys.argv[3], dtype=numpy.float32).reshape(n, d)
# More than 4,096 points, so that the search for neighbours is compiled too and not only the exact one.
umap.UMAP(n_neighbors=15).fit_transform(vectors[:5000])
begin, cpu = time.perf_counter(), time.process_time()
places = umap.UMAP(n_neighbors=15).fit_transform(vectors)
seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
numpy.asarray(places, dtype=numpy.float32).tofile(sys.argv[4])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "bytes": peak}))
