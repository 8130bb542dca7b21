// A worker on Camunda's own client: prints what it is given and what it is answered, one line of JSON each.
import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const [baseUrl, username, password] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));
const client = new Client({
  baseUrl,
  workerId: "js",
  interceptors: new BasicAuthInterceptor({ username, password }),
  asyncResponseTimeout: 20000,
  interval: 1,
  sorting: [{ sortBy: "createTime", sortOrder: "asc" }],
});

client.on("poll:start", () => say({ polls: true }));
client.on("poll:error", (error) => say({ error: error.message }));
client.on("handler:error", (error) => say({ error: error.message }));

client.subscribe("cetak", { lockDuration: 5000, includeExtensionProperties: true }, async ({ task, taskService }) => {
  const { nama, tanggal, daftar } = task.variables.getAll();
  say({ given: { nama, tanggal: tanggal.toISOString(), daftar }, properties: task.extensionProperties, retries: task.retries });
  await taskService.extendLock(task, 60000);
  const found = new Variables().setAll({
    nomor: "001",
    lembar: 2,
    berat: 1.5,
    besar: 2 ** 40,
    siap: true,
    kosong: null,
    saat: new Date("2026-01-31T03:00:00Z"),
    rinci: { a: [1, 2] },
  });
  await taskService.complete(task, found, new Variables().set("bagian", 1));
});

client.subscribe("kirim", { lockDuration: 5000, variables: ["nomor"], processVariables: { lembar: 2 } }, async ({ task, taskService }) => {
  say({ given: task.variables.getAll() });
  await taskService.handleBpmnError(task, "RETUR", "alamat salah", new Variables().set("alasan", "alamat"));
});

client.subscribe("ulang", { lockDuration: 5000, businessKey: "K-1" }, async ({ task, taskService }) => {
  say({ tried: task.retries, because: task.errorMessage, details: task.errorDetails });
  if (task.retries === null) {
    const failure = { errorMessage: "kurir sakit", errorDetails: "panjang", retries: 1, retryTimeout: 0 };
    await taskService.handleFailure(task, failure);
  } else {
    await taskService.lock(task, 5000);
    await taskService.complete(task);
    say({ done: true });
    client.stop();
  }
});
