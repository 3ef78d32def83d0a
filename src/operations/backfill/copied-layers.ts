import { CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, IPostProcessor, Lazy, Names, Reference, StringConcat, Tokenization } from 'aws-cdk-lib';
import { CfnFunction, CfnLayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { atEnd } from '../../support/at-end';

/**
 * The layers of a function for one in another stack, which has copies of them. A version of a layer is another resource after every change, and
 * CloudFormation refuses to change what another stack imports.
 *
 * @param pipeline that adds layers to its function until the end
 */
export function copiedLayers(scope: Construct, pipeline: Construct, original: CfnFunction): string[] {
  const resolver = new CopyingResolver(new Construct(scope, 'Layers'));
  const layers = () => Tokenization.resolve(original.layers, { scope, resolver, preparing: false }) as unknown;
  // What is copied must be there before the first template is made.
  atEnd(pipeline, layers);
  return Lazy.uncachedAny({ produce: layers }, { omitEmptyArray: true }) as unknown as string[];
}

/** Puts a copy of a layer into the place of a reference to it, and leaves other references as they are. */
class CopyingResolver extends DefaultTokenResolver {
  private readonly copies = new Map<CfnLayerVersion, CfnLayerVersion>();

  constructor(private readonly scope: Construct) {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor) as unknown;
    return isLayer(token.target) ? this.copyOf(token.target).ref : token.toString();
  }

  private copyOf(layer: CfnLayerVersion): CfnLayerVersion {
    const copy = this.copies.get(layer) ?? new CfnLayerVersion(this.scope, Names.nodeUniqueId(layer.node), {
      content: layer.content,
      description: layer.description,
      layerName: layer.layerName,
      licenseInfo: layer.licenseInfo,
      compatibleRuntimes: layer.compatibleRuntimes,
      compatibleArchitectures: layer.compatibleArchitectures,
    });
    this.copies.set(layer, copy);
    return copy;
  }
}

function isLayer(target: unknown): target is CfnLayerVersion {
  return CfnResource.isCfnResource(target as Construct) && (target as CfnResource).cfnResourceType === CfnLayerVersion.CFN_RESOURCE_TYPE_NAME;
}
