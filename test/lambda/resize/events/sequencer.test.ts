import { normalizedSequencer, sequencerOfTime } from '../../../../src/lambda/resize/events/sequencer';

test.each([
  ['EventBridge\'s', '617f08299329d189', '00617F08299329D189'],
  ['a notification\'s', '0055AED6DCD90281E5', '0055AED6DCD90281E5'],
  ['one of another store', '16B7A1D2F0A5C8E0', '16B7A1D2F0A5C8E0'],
  ['a short one', '1F', '1F'],
])('%s %j becomes %j', (_, sequencer, expected) => {
  expect(normalizedSequencer(sequencer)).toBe(expected);
});

test('the two spellings of S3 are in one order', () => {
  const earlier = normalizedSequencer('617f08299329d188');
  const later = normalizedSequencer('00617F08299329D189');
  expect(earlier < later).toBe(true);
  expect(normalizedSequencer('617f08299329d189')).toBe(later);
});

test('the time of an event has its place among sequencers', () => {
  // The second of the sequencer.
  const second = parseInt('617F0829', 16) * 1000;
  const at = (milliseconds: number) => sequencerOfTime(new Date(milliseconds).toISOString());

  expect(at(second - 1) < normalizedSequencer('617f08299329d189')).toBe(true);
  expect(at(second + 999) > normalizedSequencer('617f08299329d189')).toBe(true);
  expect(at(second + 1) < at(second + 2)).toBe(true);
  expect(at(second)).toBe('00617F082900000000');
});

test.each(['', 'yesterday'])('fails for the time %j', (time) => {
  expect(() => sequencerOfTime(time)).toThrow(`expected a time or a sequencer in an event of S3, received ${JSON.stringify(time)}`);
});
