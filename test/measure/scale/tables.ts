import { BESIDE_BACKFILL, waysToMillion } from './backfill';
import { COMPARED, Cost, costOfMillion, DEFAULT_DESIGN } from './cost';
import { durationMs, gbSeconds } from './duration';
import { CPU_MS, MIB_PER_VCPU, PRICES, QUOTAS } from './inputs';
import { needsOf } from './limits';
import { Scenario, simulate } from './simulation';

/** The tables of docs/scale.md by their names there, as Markdown. */
export function tables(): Readonly<Record<string, string>> {
  return {
    prices: prices(),
    times: times(),
    cost: cost(),
    designs: designs(),
    memory: memory(),
    rates: rates(),
    simulation: simulation(),
    backfill: backfill(),
    beside: beside(),
  };
}

function prices(): string {
  const per = (price: number, count: number, digits = 2) => `$${(price * count).toFixed(digits)}`;
  return table(['input', 'value'], [
    ['Lambda, arm64', `${per(PRICES.lambdaGbSecond, 1e6)} per million GB-seconds, ${per(PRICES.lambdaRequest, 1e6)} per million requests`],
    ['S3 Standard', `${per(PRICES.s3Put, 1000, 3)} per 1,000 PUTs, ${per(PRICES.s3Get, 1000, 4)} per 1,000 GETs, ${per(PRICES.s3GbMonth, 1, 3)} per GB and month`],
    ['SQS standard', `${per(PRICES.sqsRequest, 1e6)} per million requests`],
    ['DynamoDB on demand', `${per(PRICES.dynamoWriteUnit, 1e6, 3)} per million write units, ${per(PRICES.dynamoReadUnit, 1e6, 3)} per million read units`],
    ['CloudWatch Logs', `${per(PRICES.logsGb, 1)} per GB`],
    ['Step Functions, standard', `${per(PRICES.stateTransition, 1e6)} per million transitions`],
    ['Step Functions, express', `${per(PRICES.expressRequest, 1e6)} per million workflows, ${per(PRICES.expressGbSecond, 1e6)} per million GB-seconds`],
  ]);
}

function times(): string {
  const { handler, pillow, sharpSmall } = CPU_MS;
  return table(['work on one 24-megapixel JPEG', 'the packaged handler', 'the usual way'], [
    ['three JPEGs: 1600, 800, 150 px', `${handler.three} ms`, `${pillow.three} ms, Pillow`],
    ['half its width and height', `${handler.half} ms`, `${pillow.half} ms, Pillow`],
    ['200 px', `${handler.small} ms`, `${pillow.small} ms, Pillow`],
    ['400, 200 and 100 px', `${handler.fanOut} ms`, `3 x ${sharpSmall} ms, a function each with sharp`],
  ]);
}

const PARTS: readonly (readonly [string, keyof Cost])[] = [
  ['Lambda', 'lambda'], ['S3 requests', 's3'], ['SQS', 'sqs'], ['DynamoDB writes', 'dynamodb'], ['CloudWatch Logs', 'logs'], ['all', 'total'],
];

function cost(): string {
  const sum = costOfMillion(DEFAULT_DESIGN);
  return table(['part', 'per million images', 'share'], PARTS.map(([name, part]) => [name, dollars(sum[part]), `${((100 * sum[part]) / sum.total).toFixed(0)} %`]));
}

function designs(): string {
  return table(['usual design', 'per million images', 'the pipeline instead', 'per million images', 'of it Lambda'], COMPARED.map(([usual, ours]) => {
    const [theirs, own] = [costOfMillion(usual), costOfMillion(ours)];
    return [usual.name, `${dollars(theirs.total)}, of it Lambda ${dollars(theirs.lambda)}`, ours.name, dollars(own.total), dollars(own.lambda)];
  }));
}

function memory(): string {
  return table(['`memorySize`', 'vCPUs', 'one image', 'GB-seconds', 'Lambda per million images'], [512, 1024, MIB_PER_VCPU, 2 * MIB_PER_VCPU].map((mib) => {
    const ms = durationMs(DEFAULT_DESIGN.cpuMs, mib);
    return [`${mib}`, (mib / MIB_PER_VCPU).toFixed(2), `${ms.toFixed(0)} ms`, gbSeconds(ms, mib).toFixed(2), dollars(costOfMillion(DEFAULT_DESIGN, mib).lambda)];
  }));
}

const RATES = [10, 1000, 100_000];

function rates(): string {
  const all = RATES.map(needsOf);
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  return table(['images per second', ...RATES.map((rate) => rate.toLocaleString('en-US'))], [
    ['invocations at a time', ...all.map(({ concurrency }) => count(concurrency))],
    ['pipelines', ...all.map(({ pipelines }) => count(pipelines))],
    ['write units per second and pipeline', ...all.map(({ writeUnits }) => count(writeUnits))],
    ['`listingShards` of each', ...all.map(({ listingShards }) => count(listingShards))],
    ['prefixes of originals, of renditions', ...all.map(({ sourcePrefixes, outputPrefixes }) => `${sourcePrefixes}, ${outputPrefixes}`)],
    ['cost of a day', ...all.map(({ dollarsPerDay }) => `$${count(dollarsPerDay)}`)],
    ['exceeded where the defaults are kept', ...all.map(({ exceeded }) => exceeded.join('<br>') || 'nothing')],
  ]);
}

const DURATION = durationMs(DEFAULT_DESIGN.cpuMs, MIB_PER_VCPU) / 1000;
const { lambdaConcurrency } = QUOTAS;

export const SCENARIOS: readonly Scenario[] = [
  { name: '10/s for 10 minutes, defaults', rate: 10, seconds: 600, maxConcurrency: 100, available: lambdaConcurrency, duration: DURATION },
  { name: '10,000 at once, defaults', rate: 10_000, seconds: 1, maxConcurrency: 100, available: lambdaConcurrency, duration: DURATION },
  { name: '100,000 at once, `maxConcurrency` 1000', rate: 100_000, seconds: 1, maxConcurrency: 1000, available: lambdaConcurrency, duration: DURATION },
  { name: '1,000/s for 5 minutes, defaults', rate: 1000, seconds: 300, maxConcurrency: 100, available: lambdaConcurrency, duration: DURATION },
  { name: '1,000/s for 5 minutes, `maxConcurrency` 700', rate: 1000, seconds: 300, maxConcurrency: 700, available: lambdaConcurrency, duration: DURATION },
  { name: '10,000 at once, the account has 50 left', rate: 10_000, seconds: 1, maxConcurrency: 100, available: 50, duration: DURATION },
  { name: 'the same, 50 reserved, `maxConcurrency` 50', rate: 10_000, seconds: 1, maxConcurrency: 50, available: 50, duration: DURATION },
  { name: '10,000 at once, the account has 3 left', rate: 10_000, seconds: 1, maxConcurrency: 100, available: 3, duration: DURATION },
  { name: 'the same, `maxTries` 10', rate: 10_000, seconds: 1, maxConcurrency: 100, available: 3, duration: DURATION, maxTries: 10 },
];

function simulation(): string {
  const header = ['load', 'images', 'backlog', 'latency p50, p95, p99', 'throttled deliveries', 'to the dead-letter queue', 'empty after'];
  return table(header, SCENARIOS.map((scenario) => {
    const { images, backlog, latency, throttled, lost, drained } = simulate(scenario);
    const count = (value: number) => value.toLocaleString('en-US');
    const seconds = [latency.p50, latency.p95, latency.p99].map((value) => value.toFixed(value < 10 ? 1 : 0)).join(', ');
    return [scenario.name, count(images), count(backlog), `${seconds} s`, `${(100 * throttled).toFixed(1)} %`, count(lost), `${drained.toFixed(0)} s`];
  }));
}

function backfill(): string {
  return table(['a million images', 'cost'], waysToMillion().map(({ name, dollars: sum }) => [name, dollars(sum)]));
}

function beside(): string {
  return table(['100 uploads a second for 10 minutes, beside', 'latency p50, p95, p99', 'throttled deliveries'], BESIDE_BACKFILL.map((scenario) => {
    const { latency, throttled } = simulate(scenario);
    const seconds = [latency.p50, latency.p95, latency.p99].map((value) => value.toFixed(value < 10 ? 1 : 0)).join(', ');
    return [scenario.name, `${seconds} s`, `${(100 * throttled).toFixed(1)} %`];
  }));
}

function dollars(sum: number): string {
  return `$${sum.toFixed(2)}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

