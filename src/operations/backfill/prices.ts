import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ImageBackfillPrices } from './image-backfill-prices';
import { BackfillPrices } from '../../contract';
import { gbSecondsOf, LIST_PRICES } from '../list-prices';

/** For one of each. */
export function backfillPrices(given: ImageBackfillPrices = {}, lambda: LambdaFunction): BackfillPrices {
  const known = Object.fromEntries(Object.entries(given).filter(([, price]) => price !== undefined)) as ImageBackfillPrices;
  const prices = { ...LIST_PRICES, ...known };
  const gbSeconds = known.lambdaGbSeconds ?? gbSecondsOf(lambda);
  const one = (million: number) => million / 1_000_000;
  return {
    lambdaGbSecond: one(gbSeconds),
    lambdaRequest: one(prices.lambdaRequests),
    s3Put: one(prices.s3Puts),
    s3Get: one(prices.s3Gets),
    dynamoWriteUnit: one(prices.dynamoWriteUnits),
    dynamoReadUnit: one(prices.dynamoReadUnits),
    logsGb: prices.logsGigabyte,
    expressRequest: one(prices.expressRequests),
    expressGbSecond: one(prices.expressGbSeconds),
    stateTransition: one(prices.stateTransitions),
  };
}
