import { Telemetry } from '../../../../src/lambda/resize/services/telemetry';

const FACTS = { durationMs: 120, sinceEventMs: 1500, renditions: 3, bytesIn: 1000, bytesOut: 100 };

describe('metrics in the embedded metric format', () => {
  const printed: Record<string, unknown>[] = [];
  let print: jest.SpyInstance;

  beforeEach(() => {
    printed.length = 0;
    delete process.env.POWERTOOLS_METRICS_DISABLED;
    // Powertools writes through a console of its own on the process's standard output.
    print = jest.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(JSON.parse(String(line))) > 0);
  });
  afterEach(() => print.mockRestore());

  test('a processed image', () => {
    const telemetry = new Telemetry('Images');
    telemetry.processed(FACTS);
    telemetry.flush();

    expect(printed).toMatchObject([{
      service: 'Images', ImagesProcessed: 1, ProcessingDuration: 120, CompletionTime: 1500, Renditions: 3, BytesIn: 1000, BytesOut: 100,
    }]);
    expect(printed[0]._aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'ImageResizePipeline', Dimensions: [['service']] }] });
  });

  test('a processed image whose event has a time that cannot be read counts without it', () => {
    const telemetry = new Telemetry('Images');
    telemetry.processed({ ...FACTS, sinceEventMs: NaN });
    telemetry.flush();

    expect(printed).toMatchObject([{ ImagesProcessed: 1 }]);
    expect(printed[0]).not.toHaveProperty('CompletionTime');
  });

  test('a failed image, as a whole and by code', () => {
    const telemetry = new Telemetry('Images');
    telemetry.failed('TOO_LARGE');
    telemetry.flush();

    expect(printed).toMatchObject([{ service: 'Images', Code: 'TOO_LARGE', ImagesFailed: 1 }, { service: 'Images', ImagesFailed: 1 }]);
    expect(printed[0]._aws).toMatchObject({ CloudWatchMetrics: [{ Dimensions: [['service', 'Code']] }] });
  });

  test('nothing is written when nothing happened', () => {
    new Telemetry('Images').flush();
    expect(printed).toEqual([]);
  });
});
