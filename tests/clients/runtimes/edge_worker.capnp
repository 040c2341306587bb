using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(
    name = "main",
    worker = (
      modules = [(name = "edge_worker.mjs", esModule = embed "edge_worker.mjs")],
      compatibilityDate = "2026-01-01",
    ),
  )],
);
