import {
  CfnElement, CfnParameter, CfnResource, DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Lazy, Names, Reference, Stack,
  StringConcat, Tokenization,
} from 'aws-cdk-lib';
import { CfnFunction, CfnLayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { atEnd } from '../../support/at-end';

/**
 * The layers of a function for one in another stack, which has copies of them. A version of a layer is another resource after every change, and
 * CloudFormation refuses to change what another stack imports. So it is with a parameter of Systems Manager that names a layer.
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

/** Puts a copy of what is copied into the place of a reference to it, and leaves other references as they are. */
class CopyingResolver extends DefaultTokenResolver {
  private readonly copies = new Map<CfnElement, CfnLayerVersion | CfnParameter>();

  constructor(private readonly scope: Construct) {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor) as unknown;
    const { target } = token;
    if (isLayer(target)) return refOf(this.copyOf(target, (id) => this.copiedLayer(id, target)));
    return isStoredParameter(target) ? refOf(this.copyOf(target, (id) => copiedParameter(this.scope, id, target))) : token.toString();
  }

  private copyOf(original: CfnElement, copy: (id: string) => CfnLayerVersion | CfnParameter): CfnLayerVersion | CfnParameter {
    const copied = this.copies.get(original) ?? copy(Names.nodeUniqueId(original.node));
    this.copies.set(original, copied);
    return copied;
  }

  private copiedLayer(id: string, layer: CfnLayerVersion): CfnLayerVersion {
    const { content, description, layerName, licenseInfo, compatibleRuntimes, compatibleArchitectures } = layer;
    return new CfnLayerVersion(this.scope, id, {
      content: Tokenization.resolve(content, { scope: this.scope, resolver: this, preparing: false }),
      description,
      layerName,
      licenseInfo,
      compatibleRuntimes,
      compatibleArchitectures,
    });
  }
}

function copiedParameter(scope: Construct, id: string, { type, default: name, description }: CfnParameter): CfnParameter {
  return new CfnParameter(scope, id, { type, default: name, description });
}

function refOf(copy: CfnLayerVersion | CfnParameter): unknown {
  return Stack.of(copy).resolve(copy instanceof CfnParameter ? copy.value : copy.ref);
}

/** Whether its value is in Systems Manager, where each stack looks for itself. */
function isStoredParameter(target: unknown): target is CfnParameter {
  return target instanceof CfnParameter && target.type.startsWith('AWS::SSM::Parameter::Value<');
}

function isLayer(target: unknown): target is CfnLayerVersion {
  return CfnResource.isCfnResource(target as Construct) && (target as CfnResource).cfnResourceType === CfnLayerVersion.CFN_RESOURCE_TYPE_NAME;
}
