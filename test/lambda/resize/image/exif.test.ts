import exifReader from 'exif-reader';
import fc from 'fast-check';
import { readExif } from '../../../../src/lambda/resize/image/exif';
import { paletteSizeOfGif, readGif } from '../../../../src/lambda/resize/image/gif';
import { paletteSizeOfPng } from '../../../../src/lambda/resize/image/png';
import { ASCII, Exif, exifBlock, LONG, Order, RATIONAL, Tag, TAGS, UTF8 } from '../../../helpers/exif';
import { gif, gifFrame } from '../../../helpers/gifs';
import { open, photo } from '../../../helpers/images';

const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

const factsOf = (exif: Exif) => readExif(exifBlock(exif), undefined).facts;
const takenAt = (time: string, offset?: string) => factsOf({ photo: [[TAGS.takenAt, ASCII, `${time}\0`], ...offset === undefined ? [] : [[TAGS.offset, ASCII, `${offset}\0`] as Tag]] })?.takenAt;

describe.each(['II', 'MM'] as const)('of EXIF in the order %s', (order) => {
  test('it reads the time, the camera, and that there is a position', () => {
    const exif = exifBlock({
      order,
      image: [[TAGS.make, ASCII, 'Canon\0'], [TAGS.model, ASCII, 'Canon EOS R5\0'], [TAGS.artist, ASCII, 'Ada\0']],
      photo: [[TAGS.takenAt, ASCII, '2026:05:01 14:03:22\0']],
      position: [[TAGS.latitude, RATIONAL, Buffer.alloc(24, 1)], [TAGS.longitude, RATIONAL, Buffer.alloc(24, 1)]],
    });
    for (const data of [exif, Buffer.concat([Buffer.from('Exif\0\0'), exif])]) {
      expect(readExif(data, undefined)).toEqual({
        credits: { Artist: 'Ada' },
        facts: { takenAt: '2026-05-01T14:03:22', cameraMake: 'Canon', cameraModel: 'Canon EOS R5', hasPosition: true },
      });
    }
  });
});

test('the position itself is nowhere in what is read', () => {
  const facts = factsOf({ position: [[TAGS.latitude, RATIONAL, Buffer.alloc(24, 77)], [TAGS.longitude, RATIONAL, Buffer.alloc(24, 77)]] });
  expect(facts).toEqual({ hasPosition: true });
});

test('a position that says only what it would refer to is none, and one in XMP is one', () => {
  expect(factsOf({ position: [[0, 1, 2], [1, ASCII, 'N\0']] })).toEqual({ hasPosition: false });
  expect(readExif(undefined, Buffer.from('<rdf:Description exif:GPSLatitude="52,30.1N"/>')).facts).toEqual({ hasPosition: true });
});

describe('the time', () => {
  test('is as the camera wrote it, and has an offset only where EXIF has one', () => {
    expect(takenAt('2026:05:01 14:03:22')).toBe('2026-05-01T14:03:22');
    expect(takenAt('2026:05:01 14:03:22', '+02:00')).toBe('2026-05-01T14:03:22+02:00');
    expect(takenAt('2026:05:01 14:03:22', '-09:30')).toBe('2026-05-01T14:03:22-09:30');
    expect(takenAt('2026:05:01 14:03:22', '   :  ')).toBe('2026-05-01T14:03:22');
    expect(takenAt('2024:02:29 23:59:59')).toBe('2024-02-29T23:59:59');
  });

  test.each(['0000:00:00 00:00:00', '    :  :     :  :  ', '2026:02:30 10:00:00', '2026:05:01 24:00:00', '2026-05-01 14:03:22', 'yesterday', ''])('%j is none', (time) => {
    expect(takenAt(time)).toBeUndefined();
  });
});

describe('texts', () => {
  const make = (value: string | Buffer, type = ASCII) => factsOf({ image: [[TAGS.make, type, value]] })?.cameraMake;

  test('are trimmed, cut to 100 characters, and free of what cannot be printed', () => {
    expect(make('  NIKON CORPORATION   \0')).toBe('NIKON CORPORATION');
    expect(make('a\x01b\x7fc\0rest\0')).toBe('abc');
    expect(make(`${'x'.repeat(5000)}\0`)).toBe('x'.repeat(100));
    expect(make('\0\0\0\0\0\0')).toBeUndefined();
    expect(make('\u200b\u00ad \u202e\0Leica\0')).toBe('Leica');
  });

  test('are UTF-8 or Latin-1, whatever their type says', () => {
    expect(make('Müller\0')).toBe('Müller');
    expect(make('Müller\0', UTF8)).toBe('Müller');
    expect(make(Buffer.from('Müller\0', 'latin1'))).toBe('Müller');
  });

  test('are credits as far as EXIF, which is ASCII, can stand for them', () => {
    const credits = (value: string) => readExif(exifBlock({ image: [[TAGS.copyright, ASCII, `${value}\0`]] }), undefined).credits;
    expect(credits('© 2026 Müller')).toEqual({ Copyright: '© 2026 Müller' });
    expect(credits(' \0Editor')).toEqual({ Copyright: 'Editor' });
    expect(credits('Ada\r\n\x85 and\u00ad Grace')).toEqual({ Copyright: 'Ada and Grace' });
    expect(credits('写真')).toEqual({});
  });
});

test('what a small library reads of ordinary EXIF is the same', () => fc.assert(fc.property(
  fc.constantFrom<Order>('II', 'MM'), fc.stringMatching(/^[A-Za-z0-9]{1,40}$/), fc.stringMatching(/^[A-Za-z0-9]{1,40}$/), fc.date({ min: new Date(0), max: new Date('2099-01-01') }),
  (order, cameraMake, Artist, date) => {
    fc.pre(!Number.isNaN(date.getTime()));
    const time = date.toISOString().slice(0, 19);
    const exif = exifBlock({
      order,
      image: [[TAGS.make, ASCII, `${cameraMake}\0`], [TAGS.artist, ASCII, `${Artist}\0`]],
      photo: [[TAGS.takenAt, ASCII, `${time.replaceAll('-', ':').replace('T', ' ')}\0`]],
    });
    const { Image, Photo } = exifReader(exif);
    const facts = { cameraMake: Image!.Make, takenAt: Photo!.DateTimeOriginal!.toISOString().slice(0, 19), hasPosition: false };
    expect(readExif(exif, undefined)).toEqual({ credits: { Artist: Image!.Artist }, facts });
  },
)));

describe('of hostile EXIF', () => {
  test('nothing is read but a few tags, however many values it claims', () => {
    const [entries, bytes] = [4000, 65_000];
    const data = Buffer.alloc(bytes);
    data.write('II*\0\x08\0\0\0', 'latin1');
    data.writeUInt16LE(entries, 8);
    for (let entry = 0; entry < entries; entry += 1) {
      const at = 10 + 12 * entry;
      data.writeUInt16LE(0x8000 + entry, at);
      data.writeUInt16LE(1, at + 2);
      data.writeUInt32LE(bytes, at + 4);
    }
    // Reading all of them takes minutes and gigabytes.
    const start = process.cpuUsage();
    expect(readExif(data, undefined)).toEqual({ credits: {}, facts: { hasPosition: false } });
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });

  test('whatever is changed, cut or random, it is read without an error and within its bounds', () => fc.assert(fc.property(
    fc.constantFrom<Order>('II', 'MM'), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 30 }), fc.nat(400), fc.uint8Array({ maxLength: 60 }),
    (order, changes, length, noise) => {
      const data = exifBlock({
        order,
        image: [[TAGS.make, ASCII, 'Maker of cameras\0'], [TAGS.copyright, ASCII, 'Somebody\0']],
        photo: [[TAGS.takenAt, ASCII, '2026:05:01 14:03:22\0'], [TAGS.offset, ASCII, '+02:00\0']],
        position: [[TAGS.latitude, RATIONAL, Buffer.alloc(24, 1)], [TAGS.longitude, RATIONAL, Buffer.alloc(24, 1)]],
      });
      for (const [at, value] of changes) if (at < data.length) data[at] = value;
      const { credits, facts } = readExif(Buffer.concat([data.subarray(0, length), noise]), Buffer.from(noise));
      for (const text of Object.values(credits)) {
        expect(text.length).toBeLessThanOrEqual(8192);
        expect(text).not.toMatch(UNSEEN);
      }
      if (!facts) return;
      expect(Object.keys(facts).filter((name) => !['takenAt', 'cameraMake', 'cameraModel', 'hasPosition'].includes(name))).toEqual([]);
      expect(facts.takenAt ?? '2026-05-01T14:03:22').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?$/);
      for (const name of [facts.cameraMake ?? '', facts.cameraModel ?? '']) {
        expect([...name].length).toBeLessThanOrEqual(100);
        expect(name).not.toMatch(UNSEEN);
      }
    },
  ), { numRuns: 2000 }));

  test('directories that name themselves end', () => {
    expect(readExif(exifBlock({ image: [[0x8769, LONG, 8], [0x8825, LONG, 8]] }), undefined).facts).toEqual({ hasPosition: false });
  });
});

describe('the size of a palette', () => {
  test.each([2, 16])('of a PNG with %i colours', async (colours) => {
    expect(paletteSizeOfPng(await open(photo(64, 48)).png({ palette: true, colours, dither: 0 }).toBuffer())).toBe(colours);
  });

  test('is not known of a PNG without one, nor of a damaged one', async () => {
    const image = await open(photo(64, 48)).png().toBuffer();
    expect(paletteSizeOfPng(image)).toBeUndefined();
    expect(paletteSizeOfPng(image.subarray(0, 20))).toBeUndefined();
  });

  test('of a GIF is that of its only palette, and unknown where frames have their own', async () => {
    const still = await open(photo(64, 48)).gif({ colours: 16 }).toBuffer();
    expect(paletteSizeOfGif(still, readGif(still))).toBe(16);
    const [red, blue] = [[255, 0, 0], [0, 0, 255]];
    const frame = { width: 2, height: 2, pixel: () => 1 };
    const moving = gif({ width: 2, height: 2, palette: [red, blue], frames: [frame, frame] });
    expect(paletteSizeOfGif(moving, readGif(moving))).toBe(2);
    const local = gifFrame(frame, 1);
    const flags = local.indexOf(0x2c) + 9;
    const own = Buffer.concat([local.subarray(0, flags), Buffer.from([0x80, ...red, ...blue]), local.subarray(flags + 1)]);
    const mixed = Buffer.concat([moving.subarray(0, -1), own, moving.subarray(-1)]);
    expect(readGif(mixed).frames).toHaveLength(3);
    expect(paletteSizeOfGif(mixed, readGif(mixed))).toBeUndefined();
  });
});
